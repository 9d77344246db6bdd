"""ExponentialLR: torch's name for ExponentialDecay."""

from torch.optim import Optimizer

from .._check import Number
from ..schedule import Schedule
from ..shapes import ExponentialDecay
from ._base import Argument, DropIn


class ExponentialLR(DropIn):
    """Multiply the lr of every param group by ``gamma`` every epoch. See :class:`glideslope.ExponentialDecay`.

    A lr that was changed by hand or by another scheduler is kept and multiplied from there. Raises
    :class:`~glideslope.ScheduleError` (a ValueError) for gamma <= 0.

    >>> import torch
    >>> from glideslope.lr_scheduler import ExponentialLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = ExponentialLR(optimizer, gamma=0.5)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.25]
    """

    gamma = Argument(Number(gt=0))

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return ExponentialDecay(self.gamma)
