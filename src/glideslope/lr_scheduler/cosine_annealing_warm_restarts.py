"""CosineAnnealingWarmRestarts: torch's name for CosineRestarts, with an absolute floor."""

from typing import Any

from torch.optim import Optimizer

from .._check import Number, Whole, check_value
from ..schedule import Schedule
from ..shapes import CosineRestarts
from ..torch._groups import Epoch, plain
from ._base import Absolute, Argument
from ._floored import floor_factor


class CosineAnnealingWarmRestarts(Absolute):
    """Fall along a cosine to ``eta_min`` and start again, each time longer. See :class:`glideslope.CosineRestarts`.

    ``eta_min + (base_lr - eta_min) * (1 + cos(pi * T_cur / T_i)) / 2``, where the cycles last T_0, T_0 * T_mult,
    T_0 * T_mult**2, ... epochs and T_cur counts from the last restart; restarts are found in whole numbers. As in torch
    ``step(epoch)`` takes fractions of an epoch, without a warning, and the lr is written whatever it was.
    Raises :class:`~glideslope.ScheduleError` (a ValueError) for T_0 < 1, T_mult < 1 and eta_min < 0.

    >>> import torch
    >>> from glideslope.lr_scheduler import CosineAnnealingWarmRestarts
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.75)
    >>> scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=10, T_mult=2, eta_min=0.25)
    >>> optimizer.step(); scheduler.step(20.0); scheduler.get_last_lr()
    [0.5]
    """

    __slots__ = ("_ahead",)
    _ahead: float  # how far the curve's time is ahead of last_epoch: a fraction of an epoch after step(4.5)

    T_0 = Argument(Whole(ge=1))
    T_mult = Argument(Whole(ge=1))
    eta_min = Argument(Number(ge=0))

    def __init__(
        self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        self._ahead = 0
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return CosineRestarts(self.T_0, self.T_mult)

    def _line(self, i: int) -> tuple[float, float]:
        return self.eta_min, self.base_lrs[i] - self.eta_min

    def _schedule_of(self, i: int) -> Schedule:
        floor = floor_factor("CosineAnnealingWarmRestarts", self.eta_min, self.base_lrs[i])
        return CosineRestarts(self.T_0, self.T_mult, floor)

    def _at(self, t: Any) -> Any:
        return super()._at(t + self._ahead)

    def step(self, epoch: float | None = None) -> None:
        """Move one epoch on, or go to any place of the run, in epochs: ``step(epoch + batch / batches)``."""
        if epoch is None:
            super().step()
        else:
            self._place(epoch)
            self._step_count += 1
            self._move()

    def _place(self, epoch: Any) -> None:
        number = check_value("CosineAnnealingWarmRestarts", "epoch", Epoch(), plain(epoch))
        self.last_epoch = int(number)
        self._ahead = number - self.last_epoch
        self._guard.restart(self.last_epoch)  # no steps are counted on the way

    def _go(self, epoch: Any) -> None:
        self._place(epoch)
        self._now = self._at(self.last_epoch)

    @property
    def _cycle(self) -> tuple[float, int]:
        """The epoch at which the present cycle began, and its length."""
        begin, length = 0, self.T_0
        t = max(self.last_epoch, 0) + self._ahead
        if self.T_mult == 1:
            return t // length * length, length
        while begin + length <= t:
            begin, length = begin + length, length * self.T_mult
        return begin, length

    @property
    def T_cur(self) -> float:  # noqa: N802
        """Epochs since the last restart."""
        return self.last_epoch + self._ahead - self._cycle[0]

    @T_cur.setter
    def T_cur(self, value: float) -> None:  # noqa: N802
        self._ahead += value - self.T_cur

    @property
    def T_i(self) -> int:  # noqa: N802
        """Epochs of the present cycle."""
        return self._cycle[1]

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text: torch's keys, and the schedule it was made with."""
        return {**super().state_dict(), "T_cur": self.T_cur, "T_i": self.T_i}

    def _take_state(self, where: str, state: Any) -> None:
        super()._take_state(where, state)
        self._ahead = 0
        self.T_cur = Number().check(f"{where}: `T_cur`", state.get("T_cur", self.T_cur))
