"""ExponentialDecay: the same factor at every step."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._check import Number
from .._ops import Ops
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class ExponentialDecay(Schedule):
    """Multiply by ``gamma`` at every step: ``gamma ** t``.

    1 at t = 0, gamma at t = 1; it never ends, and float64 reaches 0 where gamma ** t < 5e-324. Raises
    :class:`~glideslope.ScheduleError` for gamma <= 0. torch: ``ExponentialLR``. Source: the definition.

    >>> import glideslope as gs
    >>> gs.ExponentialDecay(0.5)(3)
    0.125
    """

    gamma: Annotated[float, Number(gt=0), "factor per step"]

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.power(self.gamma, t)

    def _horizon(self) -> int | None:
        return 0 if self.gamma == 1 else None
