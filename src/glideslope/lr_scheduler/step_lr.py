"""StepLR: torch's name for StepDecay."""

from torch.optim import Optimizer

from .._check import Number, Whole
from ..schedule import Schedule
from ..shapes import StepDecay
from ._base import Argument, DropIn


class StepLR(DropIn):
    """Multiply the lr of every param group by ``gamma`` every ``step_size`` epochs. See :class:`glideslope.StepDecay`.

    A lr that was changed by hand or by another scheduler is kept and multiplied from there. Raises
    :class:`~glideslope.ScheduleError` (a ValueError) for step_size < 1 and gamma <= 0.

    >>> import torch
    >>> from glideslope.lr_scheduler import StepLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> for epoch in range(4):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr(), scheduler.schedule
    ([0.125], StepDecay(2, gamma=0.5))
    """

    step_size = Argument(Whole(ge=1))
    gamma = Argument(Number(gt=0))

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return StepDecay(self.step_size, self.gamma)
