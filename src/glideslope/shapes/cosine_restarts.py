"""CosineRestarts: falls again and again, each longer than the one before."""

from dataclasses import dataclass, field
from typing import Annotated, Any, final

from .._anneal import anneal
from .._check import MAX_STEP, Number, Whole
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class CosineRestarts(Schedule):
    """Fall along half a cosine and start again: ``end_factor + (g - end_factor) * (1 + cos(pi * r / T)) / 2``.

    Cycle i lasts T = period * t_mult**i steps and begins at the sum of the cycles before it; r = t minus that begin, so
    0 <= r < T: at a restart the factor is the peak g = gamma**i, and end_factor itself is never quite reached. Restarts
    are found in whole numbers, exactly, for any t. It never ends. Raises :class:`~glideslope.ScheduleError` for
    period < 1, t_mult < 1, gamma outside (0, 1] and end_factor outside [0, 1]. torch: ``CosineAnnealingWarmRestarts
    (T_0=period, T_mult=t_mult)``, without gamma. Source: Loshchilov and Hutter 2017 (SGDR), eq. 5; gamma is an
    addition, and a peak below end_factor makes the cycle rise to it.

    >>> import glideslope as gs
    >>> s = gs.CosineRestarts(10, t_mult=2)
    >>> s(0), s(5), s(10), s(20), s(30)
    (1.0, 0.5, 1.0, 0.5, 1.0)
    """

    period: Annotated[StepCount, Steps(ge=1), "steps of the first cycle"]
    t_mult: Annotated[int, Whole(), "length of a cycle over the one before"] = 1
    end_factor: Annotated[float, Number(ge=0, le=1), "factor at the bottom"] = 0.0
    gamma: Annotated[float, Number(gt=0, le=1), "peak of a cycle over the one before"] = 1.0
    _cycles: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def _prepare(self) -> None:
        begins: list[int] = [0]
        lengths: list[Any] = [self.period]
        while self.t_mult > 1 and begins[-1] + lengths[-1] <= MAX_STEP:
            begins.append(begins[-1] + lengths[-1])
            lengths.append(lengths[-1] * self.t_mult)
        object.__setattr__(
            self, "_cycles", (tuple(begins[1:]), tuple(begins), tuple(lengths), tuple(range(len(begins))))
        )

    def _factor(self, t: Any, ops: Ops) -> Any:
        if self.t_mult == 1:
            number, x = t // self.period, t % self.period / self.period
        else:
            edges, begins, lengths, numbers = self._cycles
            number = ops.lookup(t, edges, numbers)
            x = (t - ops.lookup(t, edges, begins)) / ops.lookup(t, edges, lengths)
        peak = 1.0 if self.gamma == 1 else ops.power(self.gamma, number)
        return anneal("cosine", x, peak, self.end_factor, ops)

    def _horizon(self) -> int | None:
        return 0 if self.end_factor == 1 == self.gamma else None
