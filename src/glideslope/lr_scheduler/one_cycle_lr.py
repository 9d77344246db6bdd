"""OneCycleLR: torch's name for OneCycle, with a momentum that goes the other way."""

from bisect import bisect_right
from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import OneCycleLR as TorchOneCycleLR

from .._anneal import mix
from .._check import Flag, Number, OneOf, ScheduleError, Whole
from .._ops import PYTHON
from ..schedule import Schedule
from ..shapes import OneCycle
from ..torch._groups import optimizer_of
from ..torch._live import tell
from ._base import Argument
from ._cycling import Cycling

_NEVER = float("inf")
_FROM_ZERO = 1e300
"""A div_factor for a cycle that begins at nothing."""


class OneCycleLR(Cycling):
    """Rise to ``max_lr`` and fall far below the beginning, in one run. See :class:`glideslope.OneCycle`.

    From ``max_lr / div_factor`` to ``max_lr`` at step ``pct_start * total_steps - 1``, then down to
    ``max_lr / (div_factor * final_div_factor)`` at the last step, total_steps - 1, and held from there on; going beyond
    total_steps is said once. ``three_phase=True`` mirrors the rise before the last fall. ``total_steps`` may be given
    as ``epochs`` times ``steps_per_epoch``. The momentum (beta1, for an optimizer with betas) goes the other way,
    unless ``cycle_momentum=False``. There is no attribute ``total_steps``, because Accelerate takes it for a limit:
    read ``scheduler.schedule.total_steps``. Raises :class:`~glideslope.ScheduleError` (a ValueError) for counts < 1,
    pct_start outside [0, 1], an unknown anneal_strategy, divisors <= 0, and an optimizer without momentum.

    >>> import torch
    >>> from glideslope.lr_scheduler import OneCycleLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    >>> scheduler = OneCycleLR(optimizer, max_lr=0.5, total_steps=100, pct_start=0.02, div_factor=2)
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr(), optimizer.param_groups[0]["momentum"]
    ([0.5], 0.85)
    """

    __slots__ = ("_h", "_limit", "_momentum")
    _h: tuple[Any, float]  # an epoch, and the h there
    _limit: float  # going beyond it is to be said

    _steps = Argument(Whole(ge=1), key="total_steps")
    pct_start = Argument(Number(ge=0, le=1))
    _anneal_func_type = Argument(OneOf(("cos", "linear")), argument="anneal_strategy")
    div_factor = Argument(Number(gt=0))
    final_div_factor = Argument(Number(gt=0))
    three_phase = Argument(Flag())
    _annealing_cos = TorchOneCycleLR._annealing_cos  # a state of torch before 2.0 holds one of these
    _annealing_linear = TorchOneCycleLR._annealing_linear

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        optimizer_of("OneCycleLR", optimizer)
        self._steps = _total_steps(total_steps, epochs, steps_per_epoch)
        self.pct_start, self._anneal_func_type = pct_start, anneal_strategy
        self.div_factor, self.final_div_factor, self.three_phase = div_factor, final_div_factor, three_phase
        self._take_cycle(optimizer, max_lr, cycle_momentum, base_momentum, max_momentum)
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        self._limit = self._steps
        anneal = getattr(self, "_anneal_func_type", "cos")
        phases: dict[str, Any] = {"pct_start": self.pct_start, "anneal": anneal, "three_phase": self.three_phase}
        self._momentum = OneCycle(self._steps, div_factor=_FROM_ZERO, final_div_factor=1.0, **phases)
        if hasattr(self, "_lines"):
            self.base_lrs = self._bases()
        return OneCycle(self._steps, div_factor=self.div_factor, final_div_factor=self.final_div_factor, **phases)

    def _at(self, t: Any) -> Any:
        curve: Any = self._curve
        phase = bisect_right(curve._edges, t)
        w = curve._weight(phase, t, PYTHON)  # once for both: the momentum has the same phases
        start, end = self._momentum._ends[phase]
        self._h = t, mix(w, start, end)
        start, end = curve._ends[phase]
        return mix(w, start, end)

    def _height(self) -> Any:
        if self._h[0] != self.last_epoch:
            self._at(self.last_epoch)
        return self._h[1]

    def _bases(self) -> list[float]:
        return [peak / self.div_factor for peak in self.max_lrs]

    def _prepare_groups(self) -> None:
        super()._prepare_groups()
        for group, base, peak in zip(self.optimizer.param_groups, self._bases(), self.max_lrs, strict=True):
            group.setdefault("initial_lr", base)
            group["max_lr"], group["min_lr"] = peak, base / self.final_div_factor

    def _line(self, i: int) -> tuple[float, float]:
        return 0.0, self.max_lrs[i]

    def _joined_base(self, i: int) -> float:
        return float(self.max_lrs[i] / self.div_factor)

    def _move(self) -> None:
        Cycling._move(self)  # a super() would take a tenth of the time
        if self.last_epoch > self._limit:
            self._limit = _NEVER
            tell(
                self.optimizer,
                "horizon-mismatch",
                f"OneCycleLR: this is step {self.last_epoch} of a cycle of total_steps={self._steps}; the lr is held "
                "at its end value.",
                "Give it as many steps as the run has.",
            )

    def _read(self, where: str, state: Any) -> dict[str, Any]:
        mine = self._arguments()
        phases = state.get("_schedule_phases")
        if phases:  # torch's own state; its max_lr lies in the optimizer's groups, and in the first lr
            steps = Whole(ge=1).check(f"{where}: `total_steps`", state.get("total_steps"))
            ends = [phase["end_step"] for phase in phases]
            lrs = [base * self.div_factor for base in state["base_lrs"]]
            mine |= {"pct_start": (ends[0] + 1) / steps, "three_phase": len(ends) == 3, "max_lrs": lrs}
        if "anneal_func" in state:
            mine["_anneal_func_type"] = "linear" if "linear" in state["anneal_func"].__name__ else "cos"
        return {**mine, **{key: state[key] for key in self._declared() if key in state}}

    @classmethod
    def _fits(cls, state: Any) -> bool:
        return "total_steps" in state


def _total_steps(total_steps: object, epochs: object, steps_per_epoch: object) -> object:
    if total_steps is not None:
        return total_steps
    if epochs is None or steps_per_epoch is None:
        raise ScheduleError("OneCycleLR must have `total_steps`, or both `epochs` and `steps_per_epoch`; got neither.")
    counts = {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    a, b = (Whole(ge=1).check(f"OneCycleLR: `{name}`", value) for name, value in counts.items())
    return a * b
