"""SequentialLR: schedulers one after another, each on its own time."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.lr_scheduler import ReduceLROnPlateau as TorchReduceLROnPlateau

from .._check import ListOf, ScheduleError, Whole, check_value
from ..combine import sequence
from ..schedule import Schedule
from ..torch._groups import Epoch, say, write
from ..torch._updates import Updates
from ._loading import load
from ._node import Factors, Node
from ._parts import check_parts, one_state_each


class SequentialLR(Node):
    """Run schedulers one after another: ``schedulers[i]`` begins its own time at ``milestones[i-1]``, at its base lr.

    A scheduler inside may be a SequentialLR, a ChainedScheduler or a ReduceLROnPlateau; ``step(metric)`` hands the
    metric to what has a use for it. At a milestone the closed form of the next one's epoch 0 is written, whatever the
    lr was. ``last_epoch=N`` begins at epoch N + 1 with the scheduler of that epoch. See
    :func:`glideslope.sequence`. Raises :class:`~glideslope.ScheduleError` (a ValueError) for no scheduler, one of
    another optimizer, milestones that are negative or fall, and unless there is one milestone fewer than schedulers.

    >>> import torch
    >>> from glideslope.lr_scheduler import ExponentialLR, LinearLR, SequentialLR
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> parts = [LinearLR(optimizer, start_factor=0.5, total_iters=2), ExponentialLR(optimizer, gamma=0.5)]
    >>> scheduler = SequentialLR(optimizer, parts, milestones=[2])
    >>> for _ in range(3):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(
        self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int], last_epoch: int = -1
    ) -> None:
        self.optimizer = check_parts("SequentialLR", optimizer, schedulers)
        self._schedulers: list[Any] = list(schedulers)
        self._milestones = _in_order("SequentialLR", milestones, len(self._schedulers))
        last_epoch = check_value("SequentialLR", "last_epoch", Whole(ge=-1), last_epoch)
        self.base_lrs = _bases(self._schedulers[0])
        self._step_count = 1
        self._write(self.base_lrs)  # what building the parts has done to the lr is undone
        self._update_lr(last_epoch + 1)
        Updates.note_lrs(self.optimizer)

    def _write(self, lrs: list[float]) -> None:
        for group, lr in zip(self.optimizer.param_groups, lrs, strict=True):
            write(group, lr)

    def _find(self, t: Any) -> tuple[Any, Any]:
        """The scheduler of an epoch, and its own time there."""
        i = bisect_right(self._milestones, t)
        return self._schedulers[i], t - (self._milestones[i - 1] if i else 0)

    # -- stepping ---------------------------------------------------------------------------------------------------

    def step(self, metrics: Any = None) -> None:
        """Move one epoch on; a metric goes to the scheduler of that epoch, if it wants one."""
        self.last_epoch += 1
        self._step_count += 1
        child, own = self._find(self.last_epoch)
        if own == 0 and child is not self._schedulers[0]:
            _enter(child)
        elif wants_metric(child):
            child.step(metrics)
        else:
            child.step()

    def _initial_step(self) -> None:
        self._step_count = 1
        self._update_lr(max(self.last_epoch, 0))

    def _advance(self, metrics: Any) -> None:
        self._step_count += 1
        self.last_epoch += 1
        child, own = self._find(self.last_epoch)
        if own == 0 and child is not self._schedulers[0]:
            child._go(0)
        else:
            child._advance(metrics)

    def _go(self, epoch: Any) -> None:
        self.last_epoch = check_value("SequentialLR", "epoch", Epoch(), epoch)
        child, own = self._find(self.last_epoch)
        child._go(own)

    def _update_lr(self, epoch: Any = None) -> None:
        self.last_epoch = check_value("SequentialLR", "epoch", Epoch(), self.last_epoch + 1 if epoch is None else epoch)
        child, own = self._find(self.last_epoch)
        if isinstance(child, Node) or own:
            child._update_lr(own)
        elif child is self._schedulers[0] and not isinstance(child, TorchReduceLROnPlateau):
            child.last_epoch -= 1  # as torch begins the first part
            child._initial_step()
        else:
            _enter(child)

    def _measure(self) -> None:
        for each in self._schedulers:
            if isinstance(each, Node):
                each._measure()
        self.base_lrs += _bases(self._schedulers[0])[len(self.base_lrs) :]

    def _adopt(self) -> None:
        for each in self._schedulers:
            if isinstance(each, Node):
                each._adopt()
        self._measure()

    def _join(self) -> None:
        child, _ = self._find(self.last_epoch)
        if isinstance(child, Node):
            child._join()
        self._adopt()

    @property
    def _wants_metric(self) -> bool:
        return any(wants_metric(each) for each in self._schedulers)

    # -- reading ----------------------------------------------------------------------------------------------------

    def _factors_at(self, t: Any) -> Factors:
        child, own = self._find(max(t, 0))
        self._measure()
        if child._reference == self._reference:
            return child._factors_at(own)  # type: ignore[no-any-return]
        return [lr / one if one else lr for lr, one in zip(child._lrs_at(own), self._reference, strict=True)]

    @property
    def _reference(self) -> list[float]:
        return getattr(self._schedulers[0], "_reference", self.base_lrs)

    def _lrs_at(self, t: Any) -> list[float]:
        child, own = self._find(max(t, 0))
        if isinstance(child, Node):
            return child._lrs_at(own)
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The pure schedule of every param group, as factors of its base lr (of its max_lr, where a cycle begins)."""
        self._measure()
        parts = [_relative(each, self._reference) for each in self._schedulers]
        begins = [0, *self._milestones]
        kept = [i for i, begin in enumerate(begins) if i + 1 == len(begins) or begins[i + 1] > begin]
        if len(kept) == 1:
            return tuple(parts[kept[0]])
        milestones = [begins[i] for i in kept[1:]]
        return tuple(sequence([parts[i][group] for i in kept], milestones) for group in range(len(self.base_lrs)))

    # -- state ------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text: torch's keys, and that of every scheduler inside."""
        self._join()
        return {
            **self._own_attributes(),
            "class": type(self).__name__,
            "_milestones": list(self._milestones),
            "base_lrs": list(self.base_lrs),
            "last_epoch": self.last_epoch,
            "_step_count": self._step_count,
            "_last_lr": [float(group["lr"]) for group in self.optimizer.param_groups],
            "_schedulers": [each.state_dict() for each in self._schedulers],
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where a :meth:`state_dict` was taken, and put the lr of that moment back into the optimizer.

        As in torch the arguments in the state win; when they differ from the constructor's, that is said. The argument
        is not changed. Raises :class:`~glideslope.ScheduleError`, and changes nothing, for the state of another class,
        or of other schedulers inside.
        """
        self._join()
        load(self, state_dict)

    def _take_state(self, where: str, state: Any) -> None:
        states = one_state_each(where, type(self), self._schedulers, state, "_milestones" in state)
        milestones = _in_order(where, state.get("_milestones"), len(self._schedulers))
        epoch = check_value(where, "last_epoch", Epoch(), state.get("last_epoch"))
        for child, each in zip(self._schedulers, states, strict=True):
            if isinstance(child, Node):
                child._take_state(where, each)
            else:
                child.load_state_dict(each)
        if milestones != self._milestones:
            say(f"{where}: the checkpoint was made with {milestones=}, which now replaces {self._milestones}.")
        self._take_own_attributes(state)
        self._milestones, self.last_epoch = milestones, epoch
        self._step_count = Whole(ge=0).check(f"{where}: `_step_count`", state.get("_step_count", int(epoch) + 1))

    def _resume(self, lrs: list[float]) -> None:
        begins = [0, *self._milestones]
        for each, begin, end in zip(self._schedulers, begins, self._milestones, strict=False):
            if end <= self.last_epoch and end > begin and isinstance(each, Node):
                each._go(end - begin - 1)  # a part that is over has left its momentum behind
        child, own = self._find(self.last_epoch)
        if isinstance(child, Node):
            child._go(own)
            child._resume(lrs)
        else:
            self._write(lrs)


def wants_metric(scheduler: Any) -> bool:
    """Whether a scheduler, ours or torch's, takes a metric in ``step``."""
    return isinstance(scheduler, TorchReduceLROnPlateau) or (isinstance(scheduler, Node) and scheduler._wants_metric)


def _enter(child: Any) -> None:
    """Begin a scheduler at its own time 0, at its base lr."""
    if isinstance(child, Node) or not isinstance(child, TorchReduceLROnPlateau):
        child._update_lr(0)


def _bases(child: Any) -> list[float]:
    return list(map(float, getattr(child, "base_lrs", None) or [group["lr"] for group in child.optimizer.param_groups]))


def _relative(child: Any, lrs: list[float]) -> list[Schedule]:
    if not isinstance(child, Node):
        must = "be made of the schedulers of this package to show a schedule"
        raise ScheduleError.about("SequentialLR.schedule: its parts", must, child)
    scales = [own / lr if lr else 1.0 for own, lr in zip(child._reference, lrs, strict=True)]
    return [s if k == 1 else s * k for s, k in zip(child.schedules, scales, strict=True)]


def _in_order(where: str, milestones: object, schedulers: int) -> list[int]:
    steps = list(check_value(where, "milestones", ListOf(Whole(ge=0), least=0), milestones))
    if len(steps) != schedulers - 1:
        must = f"have one item fewer than the {schedulers} schedulers"
        raise ScheduleError.about(f"{where}: `milestones`", must, steps)
    if steps != sorted(steps):
        raise ScheduleError.about(f"{where}: `milestones`", "be in order", steps)
    return steps
