"""CosineWave: a cosine that goes on, down and up."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._anneal import anneal
from .._check import Number
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class CosineWave(Schedule):
    """Swing down and up for ever: ``end_factor + (1 - end_factor) * (1 + cos(pi * t / half_period)) / 2``.

    1 at even multiples of half_period, end_factor at odd ones. Raises :class:`~glideslope.ScheduleError` for
    half_period < 1 and end_factor < 0. torch: ``CosineAnnealingLR(T_max=half_period)``, which is documented to do this;
    for a fall that stays down take :class:`~glideslope.CosineDecay`. Source: torch's documentation of that class.

    >>> import glideslope as gs
    >>> s = gs.CosineWave(100)
    >>> s(0), s(100), s(200)
    (1.0, 0.0, 1.0)
    """

    half_period: Annotated[StepCount, Steps(ge=1), "steps from the top to the bottom"]
    end_factor: Annotated[float, Number(ge=0), "factor at the bottom"] = 0.0

    def _factor(self, t: Any, ops: Ops) -> Any:
        half: Any = self.half_period
        # Within one period the cosine is taken of a small number: exact at the turning points however long the run.
        x = 1 - abs(t % (2 * half) / half - 1)
        return anneal("cosine", x, 1.0, self.end_factor, ops)

    def _horizon(self) -> int | None:
        return 0 if self.end_factor == 1 else None
