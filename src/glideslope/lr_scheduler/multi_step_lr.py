"""MultiStepLR: torch's name for MultiStepDecay."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from torch.optim import Optimizer

from .._check import ListOf, Number, Whole
from ..schedule import Schedule
from ..shapes import Constant, MultiStepDecay
from ._base import Argument, DropIn


class Milestones(ListOf):
    """Epochs in any order, stored as a sorted list; torch keeps a Counter of them, in its state too."""

    def accept(self, value: object) -> Any:
        if isinstance(value, Mapping):
            value = list(Counter(value).elements())
        return sorted(super().accept(list(value) if isinstance(value, (Set, Iterator)) else value))


class MultiStepLR(DropIn):
    """Multiply the lr of every param group by ``gamma`` at each milestone. See :class:`glideslope.MultiStepDecay`.

    ``milestones`` are epochs in any order; one that is named twice drops twice; none at all is a constant rate. A lr
    that was changed by hand or by another scheduler is kept and multiplied from there. Raises
    :class:`~glideslope.ScheduleError` (a ValueError) for milestones < 1 and gamma <= 0.

    >>> import torch
    >>> from glideslope.lr_scheduler import MultiStepLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = MultiStepLR(optimizer, milestones=[1, 3], gamma=0.5)
    >>> for epoch in range(4):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.125]
    """

    milestones = Argument(Milestones(Whole(ge=1), least=0))
    gamma = Argument(Number(gt=0))

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones, self.gamma = milestones, gamma
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return MultiStepDecay(self.milestones, self.gamma) if self.milestones else Constant()
