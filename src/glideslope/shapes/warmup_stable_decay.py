"""WarmupStableDecay: rise, stay, fall at the end."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._anneal import FALLS, anneal
from .._check import Number, OneOf, ScheduleError
from .._ops import Ops
from ..clock import StepCount, Steps, in_steps
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class WarmupStableDecay(Schedule):
    """Rise for ``warmup_steps``, stay at 1, fall during the last ``decay_steps``.

    With N = total_steps, w = warmup_steps, d = decay_steps: ``start_factor + (1 - start_factor) * t/w`` for t < w;
    1 for w <= t < N - d; then, with x = (t - (N - d)) / d, "linear" 1 - x, "1-sqrt" 1 - sqrt(x), "cosine"
    (1 + cos(pi*x))/2, each between 1 and end_factor, and "exponential" end_factor ** x. Exactly end_factor at t == N,
    held from there on. Raises :class:`~glideslope.ScheduleError` when warmup and decay do not fit into total_steps, for
    decay_steps < 1, and for an exponential fall to 0. torch: none. Source: Hu et al. 2024 (MiniCPM), section 4;
    Hägele et al. 2024 (1-sqrt).

    >>> import glideslope as gs
    >>> s = gs.WarmupStableDecay(1000, warmup_steps=100, decay_steps=200)
    >>> s(50), s(100), s(800), s(850), s(1000)
    (0.5, 1.0, 1.0, 0.5, 0.0)
    """

    total_steps: Annotated[StepCount, Steps(ge=1), "steps in the run, warmup included"]
    warmup_steps: Annotated[StepCount, Steps(ge=0), "steps of the rise"]
    decay_steps: Annotated[StepCount, Steps(ge=1), "steps of the fall"]
    shape: Annotated[str, OneOf(FALLS), "curve of the fall"] = "1-sqrt"
    start_factor: Annotated[float, Number(ge=0), "factor at step 0"] = 0.0
    end_factor: Annotated[float, Number(ge=0), "factor at the end"] = 0.0

    def _cross_check(self) -> None:
        total: Any = self.total_steps
        warmup: Any = self.warmup_steps
        decay: Any = self.decay_steps
        if in_steps(total, warmup, decay) and warmup + decay > total:
            must = f"hold `warmup_steps` + `decay_steps` = {warmup + decay}"
            raise ScheduleError.about("WarmupStableDecay: `total_steps`", must, total)
        if self.shape == "exponential" and self.end_factor == 0:
            hint = "Take a small factor, such as 0.01, or another shape."
            raise ScheduleError.about("WarmupStableDecay: `end_factor`", "be > 0 for an exponential fall", 0.0, hint)

    def _factor(self, t: Any, ops: Ops) -> Any:
        total: Any = self.total_steps
        warmup: Any = self.warmup_steps
        decay: Any = self.decay_steps
        fall = anneal(self.shape, ops.clip((t - (total - decay)) / decay, 0.0, 1.0), 1.0, self.end_factor, ops)
        if not warmup:
            return fall
        rise = anneal("linear", ops.clip(t / warmup, 0.0, 1.0), self.start_factor, 1.0, ops)
        return ops.where(t < warmup, rise, fall)

    def _horizon(self) -> int:
        if self.end_factor != 1:
            return self.total_steps  # type: ignore[return-value]
        return 0 if self.start_factor == 1 else self.warmup_steps  # type: ignore[return-value]

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        total: Any = self.total_steps
        warmup: Any = self.warmup_steps
        decay: Any = self.decay_steps
        inside_the_flat = start > warmup and stop - 1 <= total - decay
        return () if start >= stop or start > total or inside_the_flat else None
