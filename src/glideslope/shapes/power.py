"""Power: falls with a power of time, without a planned end."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._check import Number
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class Power(Schedule):
    """Stay at 1, then fall with a power of time: ``(timescale / max(t, timescale)) ** power``.

    1 for t <= timescale; it never ends. The paper writes min(lr_max, a * n**-0.51) over tokens n: timescale is the n at
    which the two meet, and lr_max is base_lr. Raises :class:`~glideslope.ScheduleError` for timescale < 1 and
    power <= 0. torch: none. Source: Shen et al. 2024 (Power Scheduler), b = -0.51, without its factor for the
    batch size.

    >>> import glideslope as gs
    >>> gs.Power(100, power=1.0)(400)
    0.25
    """

    timescale: Annotated[StepCount, Steps(ge=1), "steps until the fall begins"]
    power: Annotated[float, Number(gt=0), "exponent of the fall"] = 0.51

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.power(self.timescale / ops.at_least(t, self.timescale), self.power)  # type: ignore[arg-type]

    def _horizon(self) -> None:
        return None

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        return () if start >= stop or stop - 1 <= self.timescale else None  # type: ignore[operator]
