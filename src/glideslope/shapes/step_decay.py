"""StepDecay: the staircase with even steps."""

import math
from dataclasses import dataclass
from typing import Annotated, Any, final

from .._check import Number
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class StepDecay(Schedule):
    """Multiply by ``gamma`` every ``step_size`` steps: ``gamma ** (t // step_size)``.

    1 for t < step_size, gamma for step_size <= t < 2*step_size, and so on: the drop happens at the step itself. It
    never ends; float64 reaches 0 after 324 * step_size steps with gamma = 0.1. Raises
    :class:`~glideslope.ScheduleError` for step_size < 1 and gamma <= 0. torch: ``StepLR``, which multiplies the lr it
    finds, so that two of them combine; a product does that here. Source: torch's
    documentation of that class.

    >>> import glideslope as gs
    >>> s = gs.StepDecay(30, gamma=0.5)
    >>> s(29), s(30), s(60)
    (1.0, 0.5, 0.25)
    """

    step_size: Annotated[StepCount, Steps(ge=1), "steps between two drops"]
    gamma: Annotated[float, Number(gt=0, shown=True), "factor at each drop"] = 0.1

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.power(self.gamma, t // self.step_size)

    def _horizon(self) -> int | None:
        return 0 if self.gamma == 1 else None

    def _changes(self, start: int, stop: int) -> tuple[int, ...]:
        if self.gamma == 1:
            return ()
        size: Any = self.step_size
        drops = 746 / abs(math.log(self.gamma)) + 2  # float64 is at 0, or at inf, for good after so many
        return self._real(range(-(-start // size) * size, min(stop, int(size * drops)), size))
