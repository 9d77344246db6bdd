"""LinearDecay: a straight line down."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._anneal import anneal
from .._check import Number
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class LinearDecay(Schedule):
    """Fall on a straight line to ``end_factor``: ``1 + (end_factor - 1) * t / total_steps`` for t < total_steps.

    Exactly end_factor at t == total_steps, and held from there on. Raises :class:`~glideslope.ScheduleError` for
    total_steps < 1 and end_factor < 0. torch: ``LinearLR(start_factor=1, end_factor=..., total_iters=total_steps)``.
    Source: Devlin et al. 2019 (BERT), appendix A.2.

    >>> import glideslope as gs
    >>> s = gs.LinearDecay(100)
    >>> s(0), s(25), s(100), s(500)
    (1.0, 0.75, 0.0, 0.0)
    """

    total_steps: Annotated[StepCount, Steps(ge=1), "steps until end_factor is reached"]
    end_factor: Annotated[float, Number(ge=0), "factor at the end"] = 0.0

    def _factor(self, t: Any, ops: Ops) -> Any:
        return anneal("linear", ops.clip(t / self.total_steps, 0.0, 1.0), 1.0, self.end_factor, ops)

    def _horizon(self) -> int:
        return 0 if self.end_factor == 1 else self.total_steps  # type: ignore[return-value]
