"""PolynomialLR: torch's name for PolynomialDecay to 0."""

from torch.optim import Optimizer

from .._check import Number, Whole
from ..schedule import Schedule
from ..shapes import PolynomialDecay
from ._base import Argument, DropIn


class PolynomialLR(DropIn):
    """Fall to 0 in ``total_iters`` with a power of the remaining time. See :class:`glideslope.PolynomialDecay`.

    ``(1 - epoch / total_iters) ** power`` for epoch < total_iters, 0 from there on. A lr that was changed by hand or by
    another scheduler is kept and scaled from there. Raises :class:`~glideslope.ScheduleError` (a ValueError) for
    total_iters < 1 and power <= 0.

    >>> import torch
    >>> from glideslope.lr_scheduler import PolynomialLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = PolynomialLR(optimizer, total_iters=2, power=2.0)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.125]
    """

    total_iters = Argument(Whole(ge=1))
    power = Argument(Number(gt=0))

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return PolynomialDecay(self.total_iters, self.power)
