"""ChainedScheduler: schedulers at the same time, multiplied."""

from collections.abc import Sequence
from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from .._check import ScheduleError, Whole
from ..schedule import Schedule
from ..torch._groups import Epoch, write
from ..torch._guard import Guard
from ..torch._updates import Updates
from ._base import Absolute, DropIn
from ._cycling import Cycling
from ._loading import parts_of
from ._node import Node
from ._parts import check_parts, one_state_each
from .sequential_lr import SequentialLR, wants_metric


class ChainedScheduler(DropIn):
    """Multiply schedulers: ``lr = base_lr * c1(t) * c2(t) * ...``; their order does not matter.

    Each is a factor of its base lr here, also one that alone writes its lr whatever it was (a LambdaLR, a CyclicLR). A
    scheduler inside may be a SequentialLR, a ChainedScheduler or a ReduceLROnPlateau, to which ``step(metric)`` hands
    the metric. A scheduler of somebody else's class steps for itself, in its place, as in torch. See the product of
    two schedules, ``a * b``. Raises :class:`~glideslope.ScheduleError` (a ValueError) for no scheduler, and for one of
    another optimizer.

    >>> import torch
    >>> from glideslope.lr_scheduler import ChainedScheduler, ConstantLR, ExponentialLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = ChainedScheduler([ConstantLR(optimizer, factor=0.5), ExponentialLR(optimizer, gamma=0.5)])
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.125]
    """

    __slots__ = ("_offsets",)
    _offsets: list[Any]  # how far each part's time is ahead of this one's

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        first = getattr(next(iter(schedulers), None), "optimizer", None) if isinstance(schedulers, Sequence) else None
        self.optimizer = check_parts("ChainedScheduler", optimizer or first, schedulers)
        self._schedulers: list[Any] = list(schedulers)
        self._overridden = False
        self._curve = None  # the parts are its curve, see _at
        self._step_count = 1
        self.last_epoch = self._first_place()
        self._take_bases([getattr(each, "last_epoch", 0) - self.last_epoch for each in self._schedulers])
        self._guard = Guard(self.optimizer, self.last_epoch)
        if not self._pure:
            self._now = 1.0
            self._plan()
        elif self.last_epoch > 0 or any(_erases(each) for each in parts_of(self)):
            self._update_lr(self.last_epoch)
        else:  # each part has multiplied what it found, and so has a scheduler that stands beside them
            self._resume([float(group["lr"]) for group in self.optimizer.param_groups])
            self._guard = Guard(self.optimizer, self.last_epoch)
        Updates.note_lrs(self.optimizer)

    def _first_place(self) -> Any:
        """The epoch of the first part that follows the time."""
        leader = next((each for each in self._schedulers if not wants_metric(each)), self._schedulers[0])
        return max(getattr(leader, "last_epoch", 0), 0)

    @property
    def _pure(self) -> bool:
        return all(map(_ours, self._schedulers))

    def _take_bases(self, offsets: list[Any]) -> None:
        self.base_lrs = list(self._leading_lrs())
        self._written = [None] * len(self.base_lrs)
        self._offsets = offsets
        self._draw_lines()

    def _leading_lrs(self) -> list[float]:
        """The lrs that the product is of: the peaks of a part that names them, else the base."""
        leader = next(filter(_names_its_lr, self._schedulers), self._schedulers[0])
        return getattr(leader, "_reference", None) or [float(lr) for lr in self.get_last_lr()]

    def _joined(self, i: int) -> float:
        return self._leading_lrs()[i]

    def _measure(self) -> None:
        for each in self._schedulers:
            if isinstance(each, Node):
                each._adopt()
        super()._measure()

    def _at(self, t: Any) -> Any:
        out: Any = 1.0
        for child, ahead in zip(self._schedulers, self._offsets, strict=True):
            each = child._factors_at(t + ahead)
            if isinstance(out, float) and isinstance(each, float):
                out *= each
            else:
                out = [a * b for a, b in zip(self._each(out), self._each(each), strict=True)]
        return out

    # -- stepping ---------------------------------------------------------------------------------------------------

    def step(self, metrics: Any = None) -> None:
        """Move every scheduler one epoch on; a metric goes to those that want one."""
        self._step_count += 1
        self.last_epoch += 1
        if not self._pure:
            for each in self._schedulers:
                each.step(metrics) if wants_metric(each) else each.step()
            return
        if len(self.optimizer.param_groups) != len(self._written):
            self._measure()
        for each in self._schedulers:
            each._advance(metrics)
        self._move()

    def _advance(self, metrics: Any) -> None:
        self.last_epoch += 1
        for each in self._schedulers:
            each._advance(metrics)

    def _initial_step(self) -> None:
        self._step_count = 1
        self._update_lr(max(self.last_epoch, 0))

    def _go(self, epoch: Any) -> None:
        self._measure()
        for child, ahead in zip(self._schedulers, self._offsets, strict=True):
            child._go(max(epoch + ahead, 0))
        super()._go(epoch)

    def _update_lr(self, epoch: Any = None) -> None:
        if self._pure:
            super()._update_lr(epoch)
            return
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        groups = self.optimizer.param_groups
        product = list(self.base_lrs)
        for child in self._schedulers:
            child._update_lr(self.last_epoch)
            product = [lr * float(g["lr"]) / b for lr, g, b in zip(product, groups, child.base_lrs, strict=True)]
        for group, lr in zip(groups, product, strict=True):
            write(group, lr)

    @property
    def _wants_metric(self) -> bool:
        return any(wants_metric(each) for each in self._schedulers)

    # -- reading ----------------------------------------------------------------------------------------------------

    def _schedule_of(self, i: int) -> Schedule:
        if not self._pure:
            must = "be made of the schedulers of this package to show a schedule"
            raise ScheduleError.about("ChainedScheduler.schedule: its parts", must, self._schedulers)
        parts: list[Schedule] = [
            each.schedules[i].shift(-ahead) if ahead else each.schedules[i]
            for each, ahead in zip(self._schedulers, self._offsets, strict=True)
        ]
        first, *rest = parts
        for each in rest:
            first = first * each
        return first

    def _lrs_at(self, t: Any) -> list[float]:
        return super()._lrs_at(t) if self._pure else [float(group["lr"]) for group in self.optimizer.param_groups]

    # -- state ------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text: torch's keys, and that of every scheduler inside."""
        return {
            **super().state_dict(),
            "offsets": list(self._offsets),
            "_schedulers": [each.state_dict() for each in self._schedulers],
        }

    def _take_state(self, where: str, state: Any) -> None:
        states = one_state_each(where, type(self), self._schedulers, state, "_milestones" not in state)
        for child, each in zip(self._schedulers, states, strict=True):
            if isinstance(child, Node):
                child._take_state(where, each)
            else:
                child.load_state_dict(each)
        self._take_own_attributes(state)
        places = [getattr(each, "last_epoch", 0) for each in self._schedulers]
        place = self._first_place()
        self.last_epoch = Epoch().check(f"{where}: `last_epoch`", state.get("last_epoch", place))
        self._step_count = Whole(ge=0).check(f"{where}: `_step_count`", state.get("_step_count", int(place) + 1))
        offsets = state.get("offsets", [place - self.last_epoch for place in places])  # torch's parts keep in step
        if len(offsets) != len(places) or not all(isinstance(each, (int, float)) for each in offsets):
            raise ScheduleError.about(f"{where}: `offsets`", "have a number for each scheduler", offsets)
        self._take_bases(offsets)

    def _resume(self, lrs: list[float]) -> None:
        for child, ahead in zip(self._schedulers, self._offsets, strict=True):
            if isinstance(child, Node):
                child._go(max(self.last_epoch + ahead, 0))
        if self._pure:
            super()._resume(lrs)
        else:
            for group, lr in zip(self.optimizer.param_groups, lrs, strict=True):
                write(group, lr)


def _ours(scheduler: Any) -> bool:
    return all(isinstance(each, Node) for each in parts_of(scheduler))


def _names_its_lr(scheduler: Any) -> bool:
    """Whether the lr is the scheduler's own, a max_lr, and not that of the optimizer."""
    if isinstance(scheduler, ChainedScheduler):
        return any(map(_names_its_lr, scheduler._schedulers))
    return isinstance(scheduler, Cycling) or (
        isinstance(scheduler, SequentialLR) and _names_its_lr(scheduler._schedulers[0])
    )


def _erases(scheduler: Any) -> bool:
    """Whether building it has written the lr whatever it was."""
    return isinstance(scheduler, (Absolute, SequentialLR)) or scheduler.last_epoch > 0
