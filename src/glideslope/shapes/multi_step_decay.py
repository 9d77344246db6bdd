"""MultiStepDecay: the staircase with chosen steps."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul
from typing import Annotated, Any, final

from .._check import ListOf, Number, OneOrEach, ScheduleError
from .._ops import Ops
from ..clock import StepCount, Steps, in_order
from ..schedule import Schedule


def changing(edges: Sequence[Any], values: Sequence[float]) -> tuple[int, ...]:
    """Return the edges, in order, at which ``values[number of edges <= t]`` really differs from the step before."""
    after = dict(zip(edges, values[1:], strict=True))  # the last of several equal edges counts
    before = [values[0], *after.values()]
    return tuple(step for (step, value), old in zip(after.items(), before, strict=False) if value != old)


def between(steps: Sequence[int], start: int, stop: int) -> tuple[int, ...]:
    """Return the steps in ``start <= t < stop`` of an increasing sequence."""
    return tuple(steps[bisect_left(steps, start) : bisect_left(steps, stop)])


@final
@dataclass(frozen=True, slots=True, repr=False)
class MultiStepDecay(Schedule):
    """Multiply by ``gamma`` at chosen steps: ``gamma ** (number of milestones <= t)``.

    1 for t < milestones[0]; the drop happens at the milestone itself; held after the last one. ``gamma`` is one factor
    for all milestones or a list with one for each. A milestone that is named twice drops twice. Raises
    :class:`~glideslope.ScheduleError` for milestones < 1 or out of order, and gamma <= 0. torch: ``MultiStepLR``, with
    one gamma only. Source: Goyal et al. 2017, section 5.1 (1/10 at epochs 30, 60 and 80).

    >>> import glideslope as gs
    >>> s = gs.MultiStepDecay([30, 60, 80], gamma=0.5)
    >>> s(29), s(30), s(89)
    (1.0, 0.5, 0.125)
    """

    milestones: Annotated[Sequence[StepCount], ListOf(Steps(ge=1)), "steps of the drops, in order"]
    gamma: Annotated[
        float | Sequence[float], OneOrEach(Number(gt=0), shown=True), "factor at each drop, or one for each milestone"
    ] = 0.1
    _table: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _drops: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def _cross_check(self) -> None:
        in_order("MultiStepDecay", "milestones", self.milestones)
        if isinstance(self.gamma, tuple) and len(self.gamma) != len(self.milestones):
            raise ScheduleError.about(
                "MultiStepDecay: `gamma`",
                f"have one factor for each of {len(self.milestones)} milestones",
                list(self.gamma),
            )

    def _prepare(self) -> None:
        if isinstance(self.gamma, tuple):
            table = accumulate(self.gamma, mul, initial=1.0)
        else:
            table = (Ops.power(self.gamma, k) for k in range(len(self.milestones) + 1))  # type: ignore[assignment]
        object.__setattr__(self, "_table", tuple(table))
        object.__setattr__(self, "_drops", changing(self.milestones, self._table))

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.lookup(t, self.milestones, self._table)  # type: ignore[arg-type]

    def _horizon(self) -> int:
        return self._drops[-1] if self._drops else 0

    def _changes(self, start: int, stop: int) -> tuple[int, ...]:
        return between(self._drops, start, stop)
