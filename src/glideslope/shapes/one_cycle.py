"""OneCycle: up, down, and out, in one run."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, final

from .._anneal import WEIGHTS, mix
from .._check import Flag, Number, OneOf, ScheduleError
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class OneCycle(Schedule):
    """Rise from ``1/div_factor`` to 1, fall to ``1/(div_factor * final_div_factor)``; base_lr is the peak.

    With N = total_steps and p = pct_start * N - 1, the rise ends at t == p and the fall at t == N - 1, the last step of
    the run; held from there on. ``three_phase=True``: rise until p, fall back to 1/div_factor until 2p, then to the
    end. With x from 0 to 1 over a phase from a to b, "linear" is ``a*(1-x) + b*x``
    and "cos" ``b + (a-b) * (1+cos(pi*x))/2``. A phase of no length is passed over. p
    need not be whole: the peak then lies between two steps. Raises :class:`~glideslope.ScheduleError` for
    total_steps < 1, pct_start outside [0, 1] (0.5 with three phases), and divisors <= 0. torch: ``OneCycleLR``
    with max_lr = base_lr; it also cycles momentum. Source: Smith and Topin 2018; phases as in fastai and torch.

    >>> import glideslope as gs
    >>> s = gs.OneCycle(100, pct_start=0.25)
    >>> round(s(0), 4), s(24), round(s(99), 8)
    (0.04, 1.0, 4e-06)
    """

    total_steps: Annotated[StepCount, Steps(ge=1), "steps in the run"]
    pct_start: Annotated[float, Number(ge=0, le=1), "share of the run spent rising"] = 0.3
    anneal: Annotated[str, OneOf(("cos", "linear")), "curve of each phase"] = "cos"
    div_factor: Annotated[float, Number(gt=0), "peak over the first factor"] = 25.0
    final_div_factor: Annotated[float, Number(gt=0), "first factor over the last one"] = 1e4
    three_phase: Annotated[bool, Flag(), "mirror the rise before the last fall"] = False
    _fall: Callable[[Any, Ops], Any] = field(init=False, repr=False, compare=False)
    _edges: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _spans: tuple[tuple[float, float], ...] = field(init=False, repr=False, compare=False)
    _ends: tuple[tuple[float, float], ...] = field(init=False, repr=False, compare=False)

    def _cross_check(self) -> None:
        if self.three_phase and self.pct_start > 0.5:
            must = "be at most 0.5 with three phases, of which it is one and its mirror another"
            raise ScheduleError.about("OneCycle: `pct_start`", must, self.pct_start)

    def _prepare(self) -> None:
        steps: Any = self.total_steps
        low = 1 / self.div_factor
        turns = [(self.pct_start * steps - 1, 1.0), (steps - 1, low / self.final_div_factor)]
        if self.three_phase:
            turns.insert(1, (2 * self.pct_start * steps - 2, low))
        begin, start = 0.0, low
        phases = []
        for end, factor in turns:
            if end > begin:
                phases.append((begin, end - begin, start, factor))
            begin, start = end, factor
        begin, length, _, last = phases[-1] if phases else (0.0, 0.0, start, start)
        phases.append((begin + length, math.inf, last, last))  # held
        object.__setattr__(self, "_fall", WEIGHTS["cosine" if self.anneal == "cos" else "linear"])
        object.__setattr__(self, "_edges", tuple(begin for begin, *_ in phases[1:]))
        object.__setattr__(self, "_spans", tuple((begin, length) for begin, length, *_ in phases))
        object.__setattr__(self, "_ends", tuple((start, end) for *_, start, end in phases))

    def _weight(self, phase: int, t: Any, ops: Ops) -> Any:
        """1 where a phase begins, 0 where the next one does."""
        begin, length = self._spans[phase]
        return self._fall((t - begin) / length, ops)

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.piecewise(
            t, self._edges, lambda phase, time: mix(self._weight(phase, time, ops), *self._ends[phase])
        )

    def _horizon(self) -> int:
        return self.total_steps - 1  # type: ignore[operator]
