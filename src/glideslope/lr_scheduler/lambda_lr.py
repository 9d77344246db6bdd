"""LambdaLR: a factor for every epoch from a function."""

from ._base import Absolute
from ._lambdas import Functions, Lambdas


class LambdaLR(Lambdas, Absolute):
    """Take the factor of the base lr from a function: ``lr = base_lr * lr_lambda(epoch)``.

    ``lr_lambda`` is one function for all param groups or a list with one for each. As in torch the lr is written
    whatever it was. A function is no value: there is no ``schedule`` to show, and a checkpoint keeps none; see
    :class:`glideslope.PiecewiseLinear` and the other shapes. Raises :class:`~glideslope.ScheduleError` (a ValueError)
    for what is no function, and at the epoch where it gives no finite number.

    >>> import torch
    >>> from glideslope.lr_scheduler import LambdaLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.25]
    """

    def _build(self) -> Functions:
        return Functions(type(self).__name__, self.lr_lambdas)
