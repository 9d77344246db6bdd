"""Triangular: up and down between two factors, again and again."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._anneal import anneal
from .._check import Maybe, Number, OneOf
from .._ops import Ops
from ..clock import StepCount, Steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class Triangular(Schedule):
    """Swing between ``start_factor`` and 1: ``start_factor + (1 - start_factor) * height * scale``.

    With u = step_size_up, d = step_size_down (u when None) and r = t mod (u + d): height = r/u for r <= u, and
    (u + d - r)/d for r > u. scale: "triangular" 1; "triangular2" 1/2 ** (t // (u + d)); "exp_range" gamma ** t.
    It starts at start_factor, is at its peak at t == u, and never ends. base_lr is the peak. Raises
    :class:`~glideslope.ScheduleError` for sizes < 1, start_factor outside [0, 1], gamma <= 0.
    torch: ``CyclicLR(base_lr=start_factor*peak, max_lr=peak)``; it also cycles momentum. Source: Smith 2017, section 3.

    >>> import glideslope as gs
    >>> s = gs.Triangular(10, start_factor=0.0)
    >>> s(0), s(5), s(10), s(15), s(20)
    (0.0, 0.5, 1.0, 0.5, 0.0)
    """

    step_size_up: Annotated[StepCount, Steps(ge=1), "steps of a rise"]
    step_size_down: Annotated[StepCount | None, Maybe(Steps(ge=1)), "steps of a fall; None: as many as of a rise"] = (
        None
    )
    start_factor: Annotated[float, Number(ge=0, le=1), "factor at the bottom"] = 0.1
    mode: Annotated[str, OneOf(("triangular", "triangular2", "exp_range")), "what happens to later peaks"] = (
        "triangular"
    )
    gamma: Annotated[float, Number(gt=0), "factor per step of exp_range"] = 1.0

    def _factor(self, t: Any, ops: Ops) -> Any:
        up: Any = self.step_size_up
        down: Any = self.step_size_down or up
        r = t % (up + down)
        height = ops.where(r <= up, r / up, (up + down - r) / down)
        if self.mode == "triangular2":
            height = height * ops.power(0.5, t // (up + down))
        elif self.mode == "exp_range":
            height = height * ops.power(self.gamma, t)
        return anneal("linear", 1 - height, 1.0, self.start_factor, ops)

    def _horizon(self) -> int | None:
        return 0 if self.start_factor == 1 else None
