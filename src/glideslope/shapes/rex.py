"""Rex: reflected exponential, high for long and quick at the end."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._anneal import mix
from .._check import Number
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class Rex(Schedule):
    """Fall slowly first and quickly at the end: ``w = (1 - x) / (1 - x/2)`` with ``x = t / total_steps``.

    The factor is ``w + end_factor * (1 - w)`` for t < total_steps; exactly end_factor at t == total_steps, and held
    from there on. Raises :class:`~glideslope.ScheduleError` for total_steps < 1 and end_factor < 0. torch: none.
    Source: Chen et al. 2022 (REX: Revisiting Budgeted Training with an Improved Schedule):
    (1-x) / (1/2 + 1/2 * (1-x)).

    >>> import glideslope as gs
    >>> s = gs.Rex(100)
    >>> s(0), round(s(50), 4), s(100), s(500)
    (1.0, 0.6667, 0.0, 0.0)
    """

    total_steps: Annotated[StepCount, Steps(ge=1), "steps until end_factor is reached"]
    end_factor: Annotated[float, Number(ge=0), "factor at the end"] = 0.0

    def _factor(self, t: Any, ops: Ops) -> Any:
        x = ops.clip(t / self.total_steps, 0.0, 1.0)
        w = (1 - x) / (1 - x / 2)
        return mix(w, 1.0, self.end_factor)

    def _horizon(self) -> int:
        return 0 if self.end_factor == 1 else self.total_steps  # type: ignore[return-value]
