"""CyclicLR: torch's name for Triangular between two absolute lrs."""

from collections.abc import Callable
from typing import Any

from torch.optim import Optimizer

from .._check import Number, OneOf, ScheduleError, Whole
from .._ops import Ops
from ..schedule import Schedule
from ..shapes import Triangular
from ..torch._groups import optimizer_of
from ._base import Argument, Curve
from ._callables import number_from, restore, state_of_callable
from ._cycling import Cycling
from ._per_group import each_group

MODES = ("triangular", "triangular2", "exp_range")
ScaleFn = Callable[[float], float]


class _Scaled:
    """A triangle whose height a function scales: of the number of the cycle, from 1, or of the step."""

    def __init__(self, triangle: Triangular, scale_fn: ScaleFn, scale_mode: str) -> None:
        self.triangle, self.scale_fn, self.by_cycle = triangle, scale_fn, scale_mode == "cycle"

    def _factor(self, t: Any, ops: Ops) -> Any:
        size: Any = self.triangle.step_size_up + self.triangle.step_size_down  # type: ignore[operator]
        scale = number_from("CyclicLR: scale_fn", self.scale_fn, t // size + 1 if self.by_cycle else t)
        return self.triangle._factor(t, ops) * scale


class CyclicLR(Cycling):
    """Swing between ``base_lr`` and ``max_lr`` in straight lines. See :class:`glideslope.Triangular`.

    ``base_lr + (max_lr - base_lr) * height * scale``: height goes from 0 to 1 in ``step_size_up`` steps and back in
    ``step_size_down``; scale is 1 ("triangular"), 1/2 ** cycle ("triangular2"), gamma ** step ("exp_range"), or
    ``scale_fn`` of the cycle, counted from 1, or of the step (``scale_mode`` "cycle" or "iterations"). The momentum
    (beta1, for an optimizer with betas) goes the other way, unless ``cycle_momentum=False``. Raises
    :class:`~glideslope.ScheduleError` (a ValueError) for step sizes < 1, an unknown mode, negative lrs, and an
    optimizer without momentum.

    >>> import torch
    >>> from glideslope.lr_scheduler import CyclicLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    >>> scheduler = CyclicLR(optimizer, base_lr=0.25, max_lr=0.75, step_size_up=2)
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr(), round(optimizer.param_groups[0]["momentum"], 4)
    ([0.5], 0.85)
    """

    step_size_up = Argument(Whole(ge=1))
    step_size_down = Argument(Whole(ge=1))
    mode = Argument(OneOf(MODES))
    gamma = Argument(Number(gt=0))
    scale_mode = Argument(OneOf(("cycle", "iterations")))
    _scale_fn_custom: ScaleFn | None  # torch's name

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: ScaleFn | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        optimizer_of("CyclicLR", optimizer)
        if scale_fn is not None and not callable(scale_fn):
            raise ScheduleError.about("CyclicLR: `scale_fn`", "be a function of a number, or None", scale_fn)
        self._scale_fn_custom = scale_fn
        self._given_base = each_group("CyclicLR: `base_lr`", optimizer, base_lr, Number(ge=0))
        self.step_size_up, self.step_size_down = (
            step_size_up,
            step_size_up if step_size_down is None else step_size_down,
        )
        self.gamma, self.scale_mode = gamma, scale_mode
        if scale_fn is None:  # as in torch the mode then says what is counted
            self.mode, self.scale_mode = mode, "iterations" if mode == "exp_range" else "cycle"
        else:
            self.mode = mode if mode in MODES else MODES[0]
        self._take_cycle(optimizer, max_lr, cycle_momentum, base_momentum, max_momentum)
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Curve:
        if self._scale_fn_custom is None:
            return Triangular(self.step_size_up, self.step_size_down, 0.0, self.mode, self.gamma)
        triangle = Triangular(self.step_size_up, self.step_size_down, 0.0)
        return _Scaled(triangle, self._scale_fn_custom, self.scale_mode)

    def _bases(self) -> list[float]:
        return list(self.__dict__.pop("_given_base"))

    def _prepare_groups(self) -> None:
        super()._prepare_groups()
        for group, base in zip(self.optimizer.param_groups, self._given_base, strict=True):
            group.setdefault("initial_lr", base)

    def _line(self, i: int) -> tuple[float, float]:
        return self.base_lrs[i], self.max_lrs[i] - self.base_lrs[i]

    def _joined_base(self, i: int) -> float:
        return self.base_lrs[-1]

    def _schedule_of(self, i: int) -> Schedule:
        super()._schedule_of(i)
        base, peak = self.base_lrs[i], self.max_lrs[i]
        if not 0 < peak >= base:
            raise ScheduleError.about("CyclicLR.schedule: `max_lr`", f"be > 0 and >= base_lr = {base:g}", peak)
        return Triangular(self.step_size_up, self.step_size_down, base / peak, self.mode, self.gamma)

    def scale_fn(self, x: float) -> float:
        """Return the scale of a cycle (from 1) or of a step, whichever ``scale_mode`` and ``mode`` count."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        if self.mode == "triangular":
            return 1.0
        return Ops.power(0.5, x - 1) if self.mode == "triangular2" else Ops.power(self.gamma, x)  # type: ignore[no-any-return]

    @property
    def _scale_fn_ref(self) -> Callable[..., float]:
        return CyclicLR.scale_fn  # torch's name for it

    @property
    def total_size(self) -> float:
        """Steps of a whole cycle."""
        return float(self.step_size_up + self.step_size_down)

    @property
    def step_ratio(self) -> float:
        """Share of a cycle that rises."""
        return float(self.step_size_up / self.total_size)

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text; of a ``scale_fn`` object its attributes."""
        call = self._scale_fn_custom
        kept = None if call is None else state_of_callable("CyclicLR.state_dict", call)
        return {**super().state_dict(), "_scale_fn_custom": kept}

    def _take_state(self, where: str, state: Any) -> None:
        super()._take_state(where, state)
        if self._scale_fn_custom is not None:
            restore(self._scale_fn_custom, state.get("_scale_fn_custom"))

    def _read(self, where: str, state: Any) -> dict[str, Any]:
        if "total_size" not in state:
            return super()._read(where, state)
        size, ratio = (Number(gt=0).check(f"{where}: `{key}`", state.get(key)) for key in ("total_size", "step_ratio"))
        up = round(size * ratio)
        mine = {"step_size_up": up, "step_size_down": round(size) - up}
        if not state.get("cycle_momentum"):
            mine |= {"base_momentums": self.base_momentums, "max_momentums": self.max_momentums}
        return super()._read(where, {**state, **mine})

    @classmethod
    def _fits(cls, state: Any) -> bool:
        return {"step_ratio", "max_lrs"} <= set(state)
