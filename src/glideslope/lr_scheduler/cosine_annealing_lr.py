"""CosineAnnealingLR: torch's name for CosineWave, with an absolute floor."""

from torch.optim import Optimizer

from .._check import Number, Whole
from ..schedule import Schedule
from ..shapes import CosineWave
from ._base import Argument, DropIn
from ._floored import floor_factor


class CosineAnnealingLR(DropIn):
    """Swing the lr between its base and ``eta_min`` along a cosine. See :class:`glideslope.CosineWave`.

    ``eta_min + (base_lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2``: down until epoch T_max, and up again after
    it, as torch documents; a fall that stays down is :class:`glideslope.CosineDecay`. A lr that was changed by hand or
    by another scheduler is kept and its distance from eta_min is scaled. Raises :class:`~glideslope.ScheduleError`
    (a ValueError) for T_max < 1 and eta_min < 0.

    >>> import torch
    >>> from glideslope.lr_scheduler import CosineAnnealingLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.75)
    >>> scheduler = CosineAnnealingLR(optimizer, T_max=2, eta_min=0.25)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.5]
    """

    T_max = Argument(Whole(ge=1))
    eta_min = Argument(Number(ge=0))

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return CosineWave(self.T_max)

    def _line(self, i: int) -> tuple[float, float]:
        return self.eta_min, self.base_lrs[i] - self.eta_min

    def _schedule_of(self, i: int) -> Schedule:
        return CosineWave(self.T_max, floor_factor("CosineAnnealingLR", self.eta_min, self.base_lrs[i]))
