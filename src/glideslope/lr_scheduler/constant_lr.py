"""ConstantLR: torch's name for a PiecewiseConstant of two pieces."""

from torch.optim import Optimizer

from .._check import Number, Whole
from ..schedule import Schedule
from ..shapes import PiecewiseConstant
from ._base import Argument, DropIn


class ConstantLR(DropIn):
    """Hold the lr at ``factor`` of its base until epoch ``total_iters``. See :class:`glideslope.PiecewiseConstant`.

    ``factor`` for epoch < total_iters, 1 from there on. A lr that was changed by hand or by another scheduler is kept
    and scaled from there. Raises :class:`~glideslope.ScheduleError` (a ValueError) for a factor outside [0, 1] and
    total_iters < 1.

    >>> import torch
    >>> from glideslope.lr_scheduler import ConstantLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = ConstantLR(optimizer, factor=0.5, total_iters=2)
    >>> scheduler.get_last_lr(), scheduler.schedule
    ([0.25], PiecewiseConstant([2], [0.5, 1.0]))
    """

    factor = Argument(Number(ge=0, le=1))
    total_iters = Argument(Whole(ge=1))

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5, last_epoch: int = -1) -> None:
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return PiecewiseConstant([self.total_iters], [self.factor, 1.0])
