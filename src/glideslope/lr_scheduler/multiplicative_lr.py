"""MultiplicativeLR: a factor from one epoch to the next from a function."""

from typing import Any

from .._ops import Ops
from ._lambdas import Function, Functions, Lambdas
from ._node import Factors


class _Products(Functions):
    """The running product of the functions over epochs 1 to t; remembered, so that a step calls them once."""

    def __init__(self, where: str, calls: list[Function]) -> None:
        super().__init__(where, calls)
        self._reset()

    def _reset(self) -> None:
        self.t: Any = 0
        self.products = [1.0] * len(self.calls)

    def _factor(self, t: Any, ops: Ops) -> Factors:
        if t < self.t:
            self._reset()
        while self.t + 1 <= t:
            values = self.values(self.t + 1)
            self.products = [product * value for product, value in zip(self.products, values, strict=True)]
            self.t += 1
        return self.products


class MultiplicativeLR(Lambdas):
    """Multiply the lr by what a function gives, epoch after epoch: ``lr = base_lr * f(1) * f(2) * ... * f(epoch)``.

    ``lr_lambda`` is one function f for all param groups or a list with one for each; it is not asked at epoch 0. A lr
    that was changed by hand or by another scheduler is kept and multiplied from there. The product is remembered: a
    step asks once, going to another epoch asks for all on the way. A constant f is
    :class:`glideslope.ExponentialDecay`, which a checkpoint can name. Raises :class:`~glideslope.ScheduleError` (a
    ValueError) for what is no function, and at the epoch where it gives no finite number.

    >>> import torch
    >>> from glideslope.lr_scheduler import MultiplicativeLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = MultiplicativeLR(optimizer, lambda epoch: 0.5 if epoch == 1 else 1.0)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.25]
    """

    def _build(self) -> _Products:
        return _Products(type(self).__name__, self.lr_lambdas)
