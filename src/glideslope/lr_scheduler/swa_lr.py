"""SWALR: from wherever the lr is to the constant lr of stochastic weight averaging."""

from typing import Any

from torch.optim import Optimizer

from .._check import Number, OneOf, Whole
from ..schedule import Schedule
from ..shapes import Constant, CosineDecay, LinearDecay
from ..torch._groups import optimizer_of
from ._base import Argument, DropIn
from ._floored import floor_factor
from ._per_group import EACH, each_group


class SWALR(DropIn):
    """Anneal the lr to ``swa_lr`` in ``anneal_epochs``, from whatever it is at the first step, and keep it there.

    ``swa_lr + (lr - swa_lr) * c(epoch)``, with lr the rate found, c a half cosine from 1 to 0
    (:class:`glideslope.CosineDecay`) or a straight line (:class:`glideslope.LinearDecay`); ``anneal_epochs=0``: at
    once. ``swa_lr`` is one value for all param groups or a list. ``schedule`` is what it does alone, from the base lr.
    torch has it in ``torch.optim.swa_utils``. Raises :class:`~glideslope.ScheduleError` (a ValueError) for
    anneal_epochs < 0, an unknown anneal_strategy and a negative swa_lr.

    >>> import torch
    >>> from glideslope.lr_scheduler import SWALR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.75)
    >>> scheduler = SWALR(optimizer, swa_lr=0.25, anneal_epochs=2)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.5]
    """

    _asks_base = False

    swa_lrs = Argument(EACH)
    anneal_epochs = Argument(Whole(ge=0))
    _anneal_strategy = Argument(OneOf(("cos", "linear")), argument="anneal_strategy")

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: float | list[float],
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        optimizer_of("SWALR", optimizer)
        # Places without backticks: torch's words, which programs match.
        self.swa_lrs = each_group("SWALR: swa_lr", optimizer, swa_lr, Number(ge=0))
        self.anneal_epochs = Whole(ge=0).check("SWALR: anneal_epochs", anneal_epochs)
        self._anneal_strategy = OneOf(("cos", "linear")).check("SWALR: anneal_strategy", anneal_strategy)
        super().__init__(optimizer, last_epoch)

    def _build(self) -> Schedule:
        return self._fall(0.0)

    def _fall(self, end_factor: float) -> Schedule:
        if not self.anneal_epochs:
            return Constant(end_factor)
        shape = CosineDecay if self._anneal_strategy == "cos" else LinearDecay
        return shape(self.anneal_epochs, end_factor)

    def _prepare_groups(self) -> None:
        for group, lr in zip(self.optimizer.param_groups, self.swa_lrs, strict=True):
            group["swa_lr"] = lr

    def _line(self, i: int) -> tuple[float, float]:
        return self.swa_lrs[i], self.base_lrs[i] - self.swa_lrs[i]

    def _schedule_of(self, i: int) -> Schedule:
        return self._fall(floor_factor("SWALR", self.swa_lrs[i], self.base_lrs[i]))

    def _joined(self, i: int) -> float:
        self.swa_lrs.append(float(self.optimizer.param_groups[i].get("swa_lr", self.swa_lrs[-1])))
        return super()._joined(i)

    def _initial_step(self) -> None:
        """Begin; a run that goes on keeps the lr it has, which is on its way from a rate that only the past knows."""
        if self.last_epoch < 0:
            super()._initial_step()
        else:
            self._step_count = 1
            self._go(self.last_epoch + 1)
            self._plan()

    def _update_lr(self, epoch: Any = None) -> None:
        """Begin where the lr is, as a part of a sequence does; any other epoch is that of a run alone."""
        if epoch != 0:
            super()._update_lr(epoch)
            return
        self._go(0)
        self._join()
        for i, group in enumerate(self.optimizer.param_groups):
            if self._now == 0:
                self._set(i, group, self.swa_lrs[i])
            else:
                self._written[i] = None
        self._plan()

    def _plan(self) -> None:
        super()._plan()
        self._smooth, self._end, self._next = True, float("inf"), self._since + 1  # it keeps the lr at swa_lr

    def _move(self) -> None:
        super()._move()
        if self._now == 0:
            for i, group in enumerate(self.optimizer.param_groups):
                self._set(i, group, self.swa_lrs[i])

    def _read(self, where: str, state: Any) -> dict[str, Any]:
        groups = [
            group.get("swa_lr", mine) for group, mine in zip(self.optimizer.param_groups, self.swa_lrs, strict=True)
        ]
        return super()._read(where, {"swa_lrs": groups, **state})

    @classmethod
    def _fits(cls, state: Any) -> bool:
        return "anneal_epochs" in state
