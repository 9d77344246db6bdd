"""PiecewiseConstant: a factor for each stretch of time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, final

from .._check import ListOf, Number, ScheduleError
from .._ops import Ops
from ..clock import StepCount, Steps, in_order
from ..schedule import Schedule
from .multi_step_decay import between, changing


@final
@dataclass(frozen=True, slots=True, repr=False)
class PiecewiseConstant(Schedule):
    """Take the factor of the stretch t lies in: ``factors[number of milestones <= t]``.

    factors[0] for t < milestones[0]; factors[i] from milestones[i-1] on; the last is held. Raises
    :class:`~glideslope.ScheduleError` for milestones that are < 1 or do not increase, and unless there is one factor
    more than milestones. torch: none. Keras' PiecewiseConstantDecay changes one step later (t <= boundary keeps the old
    value). Source: the definition.

    >>> import glideslope as gs
    >>> s = gs.PiecewiseConstant([10, 20], factors=[1.0, 0.3, 0.02])
    >>> s(9), s(10), s(20)
    (1.0, 0.3, 0.02)
    """

    milestones: Annotated[Sequence[StepCount], ListOf(Steps(ge=1)), "steps at which the next factor begins"]
    factors: Annotated[Sequence[float], ListOf(Number(ge=0), least=2), "factors, one more than milestones"]
    _edges: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def _cross_check(self) -> None:
        in_order("PiecewiseConstant", "milestones", self.milestones, strictly=True)
        if len(self.factors) != len(self.milestones) + 1:
            must = f"have one more item than the {len(self.milestones)} milestones"
            raise ScheduleError.about("PiecewiseConstant: `factors`", must, list(self.factors))

    def _prepare(self) -> None:
        object.__setattr__(self, "_edges", changing(self.milestones, self.factors))

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.lookup(t, self.milestones, self.factors)  # type: ignore[arg-type]

    def _horizon(self) -> int:
        return self._edges[-1] if self._edges else 0

    def _changes(self, start: int, stop: int) -> tuple[int, ...]:
        return between(self._edges, start, stop)
