"""CosineAnnealingLR: torch's name for CosineWave, with an absolute floor."""

from torch.optim import Optimizer

from .._check import Number, ScheduleError, Whole
from ..schedule import Schedule
from ..shapes import CosineWave
from ._base import Argument, DropIn


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
        self._floor = self.eta_min
        return CosineWave(self.T_max)

    def _for_base(self, base_lr: float) -> Schedule:
        if self._floor and not base_lr:
            must = "be > 0 for a schedule with an eta_min, which is a factor of it"
            raise ScheduleError.about("CosineAnnealingLR.schedule: the base lr", must, base_lr)
        return CosineWave(self.T_max, end_factor=self._floor / base_lr if self._floor else 0.0)
