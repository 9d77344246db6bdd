"""InverseSqrtDecay: falls for ever, without a planned end."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class InverseSqrtDecay(Schedule):
    """Stay at 1, then fall with the inverse square root of time: ``sqrt(timescale / max(t, timescale))``.

    1 for t <= timescale; 1/2 at 4 * timescale; it never ends, so the length of the run need not be known. With
    ``.warmup(timescale)`` it is the rate of the Transformer (Vaswani et al. 2017, eq. 3). Raises
    :class:`~glideslope.ScheduleError` for timescale < 1. torch: none. Source: Raffel et al. 2020 (T5), section 3.1.2.

    >>> import glideslope as gs
    >>> s = gs.InverseSqrtDecay(100)
    >>> s(100), s(400)
    (1.0, 0.5)
    """

    timescale: Annotated[StepCount, Steps(ge=1), "steps until the fall begins"]

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.sqrt(self.timescale / ops.at_least(t, self.timescale))  # type: ignore[arg-type]

    def _horizon(self) -> None:
        return None

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        return () if start >= stop or stop - 1 <= self.timescale else None  # type: ignore[operator]
