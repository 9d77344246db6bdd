"""PolynomialDecay: a power of the time that is left."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._anneal import mix
from .._check import Number
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class PolynomialDecay(Schedule):
    """Fall with a power of the remaining time: ``end_factor + (1 - end_factor) * (1 - t/total_steps) ** power``.

    The formula holds for t < total_steps; exactly end_factor at t == total_steps, and held from there on (the power
    never sees a negative number). Raises :class:`~glideslope.ScheduleError` for total_steps < 1, power <= 0 and
    end_factor < 0. torch: ``PolynomialLR(total_iters=total_steps, power=power)``, which has no end_factor.
    Source: Chen et al. 2017 (DeepLab), the "poly" policy, section 4.1.

    >>> import glideslope as gs
    >>> gs.PolynomialDecay(100, power=2.0)(50)
    0.25
    """

    total_steps: Annotated[StepCount, Steps(ge=1), "steps until end_factor is reached"]
    power: Annotated[float, Number(gt=0), "exponent of the remaining time"] = 1.0
    end_factor: Annotated[float, Number(ge=0), "factor at the end"] = 0.0

    def _factor(self, t: Any, ops: Ops) -> Any:
        w = ops.power(1 - ops.clip(t / self.total_steps, 0.0, 1.0), self.power)
        return mix(w, 1.0, self.end_factor)

    def _horizon(self) -> int:
        return 0 if self.end_factor == 1 else self.total_steps  # type: ignore[return-value]
