"""CosineDecay: half a cosine down, then held."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._anneal import anneal
from .._check import Number
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class CosineDecay(Schedule):
    """Fall along half a cosine: ``end_factor + (1 - end_factor) * (1 + cos(pi * t / total_steps)) / 2``.

    The formula holds for t < total_steps; exactly end_factor at t == total_steps, and held from there on: no rebound.
    Raises :class:`~glideslope.ScheduleError` for total_steps < 1 and end_factor < 0. torch: ``CosineAnnealingLR(T_max=
    total_steps)``, which rises again after T_max (:class:`~glideslope.CosineWave` is that curve). Source: Loshchilov
    and Hutter 2017 (SGDR), eq. 5, without restarts.

    >>> import glideslope as gs
    >>> s = gs.CosineDecay(100)
    >>> s(0), s(50), s(100), s(150)
    (1.0, 0.5, 0.0, 0.0)
    """

    total_steps: Annotated[StepCount, Steps(ge=1), "steps until end_factor is reached"]
    end_factor: Annotated[float, Number(ge=0), "factor at the end"] = 0.0

    def _factor(self, t: Any, ops: Ops) -> Any:
        return anneal("cosine", ops.clip(t / self.total_steps, 0.0, 1.0), 1.0, self.end_factor, ops)

    def _horizon(self) -> int:
        return 0 if self.end_factor == 1 else self.total_steps  # type: ignore[return-value]
