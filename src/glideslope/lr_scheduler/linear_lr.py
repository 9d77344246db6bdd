"""LinearLR: torch's name for a straight line, mostly a warmup."""

from torch.optim import Optimizer

from .._check import Number, Whole
from ..schedule import Schedule
from ..shapes import PiecewiseLinear
from ._base import Argument, DropIn


class LinearLR(DropIn):
    """Go straight from ``start_factor`` to ``end_factor`` in ``total_iters``. See :class:`glideslope.PiecewiseLinear`.

    ``start_factor + (end_factor - start_factor) * epoch / total_iters`` for epoch < total_iters, end_factor from there
    on. A lr that was changed by hand or by another scheduler is kept and scaled from there. Raises
    :class:`~glideslope.ScheduleError` (a ValueError) for a start_factor outside (0, 1], an end_factor outside [0, 1]
    and total_iters < 1.

    >>> import torch
    >>> from glideslope.lr_scheduler import LinearLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.375]
    """

    start_factor = Argument(Number(gt=0, le=1))
    end_factor = Argument(Number(ge=0, le=1))
    total_iters = Argument(Whole(ge=1))

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return PiecewiseLinear([(0, self.start_factor), (self.total_iters, self.end_factor)])
