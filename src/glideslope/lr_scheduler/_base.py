"""What every drop-in shares: torch's attributes and counting, the lr from the schedule's closed form."""

import math
from copy import copy
from typing import Any

from torch import Tensor, finfo
from torch.optim import Optimizer
from torch.optim.lr_scheduler import EPOCH_DEPRECATION_WARNING
from torch.optim.lr_scheduler import LRScheduler as TorchLRScheduler

from .._check import Constraint, ListOf, Number, ScheduleError, Whole, check_value
from .._ops import PYTHON
from ..schedule import Schedule
from ..torch._groups import COUNTERS, base_lrs, optimizer_of, say, state_of, write
from ..torch._updates import FirstStep

_NEVER = math.inf


class Argument:
    """A constructor argument that stays settable on the live object: a new value gives the curve of that value."""

    def __init__(self, constraint: Constraint) -> None:
        self.constraint = constraint

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else instance.__dict__["_" + self.name]

    def __set__(self, instance: Any, value: object) -> None:
        checked = check_value(type(instance).__name__, self.name, self.constraint, value)
        instance.__dict__["_" + self.name] = checked
        if "_curve" in instance.__dict__:
            instance._curve = instance._build()
            instance._plan()


class DropIn(TorchLRScheduler):
    """Base of the drop-ins: torch's signatures, counters and multiplicative contract over one schedule.

    The schedule gives the factor c(t). A group whose lr is still the one this scheduler wrote gets
    ``floor + (base_lr - floor) * c(t)``; a group whose lr somebody else has changed (by hand, or another scheduler)
    keeps that and is scaled from there by c(t)/c(t-1), as torch's recursive forms do. ``floor`` is 0 except for the
    classes with an absolute ``eta_min``.

    A subclass declares its constructor's arguments, each an :class:`Argument`; ``_build`` makes its schedule of them,
    and sets ``_floor``, the absolute lr at which c(t) = 0 lies.
    """

    base_lrs: list[float]  # type: ignore[assignment]
    _floor: float = 0.0
    _next: float  # the epoch at which there is something to do again
    _smooth: bool  # the curve changes at every step, until _end
    _end: float
    _now: float  # c(_now_epoch), kept so that a smooth step evaluates the curve once
    _now_epoch: int

    def __init__(self, optimizer: Optimizer, last_epoch: int) -> None:
        # torch's constructor replaces optimizer.step, so it is not called; these are the attributes it would set.
        self.optimizer = optimizer_of(type(self).__name__, optimizer)
        last_epoch = check_value(type(self).__name__, "last_epoch", Whole(ge=-1), last_epoch)
        self._curve = self._build()
        groups = optimizer.param_groups
        if last_epoch >= 0:
            self._require_initial_lr(groups)
        self.base_lrs = base_lrs(groups)
        self._first: FirstStep | None = FirstStep(optimizer)
        self._written: list[Any] = [None] * len(groups)
        self.last_epoch = last_epoch
        self._initial_step()

    # -- what a subclass says ---------------------------------------------------------------------------------------

    def _build(self) -> Schedule:
        """The schedule of the present arguments."""
        raise NotImplementedError(f"{type(self).__name__} must build its schedule")

    # -- stepping ---------------------------------------------------------------------------------------------------

    def step(self, epoch: int | None = None) -> None:
        """Move one epoch (or whatever it is called for) on; call it after ``optimizer.step()``.

        ``step(epoch)`` goes straight to that epoch; deprecated in torch and here, and warned about.
        """
        if epoch is not None:
            say(EPOCH_DEPRECATION_WARNING, stacklevel=2)
            self._update_lr(epoch)
            self._step_count += 1
            return
        self._step_count += 1
        self.last_epoch += 1
        if self.last_epoch >= self._next or len(self.optimizer.param_groups) != len(self._written):
            self._move()

    def _write_all(self, groups: list[dict[str, Any]], before: float, now: float) -> None:
        """Go from c(t) = ``before`` to ``now`` in every group; a float that nobody has touched is done on the spot."""
        floor, written = self._floor, self._written
        others: list[tuple[int, dict[str, Any], bool, float]] = []
        for i, (group, base) in enumerate(zip(groups, self.base_lrs, strict=False)):
            lr = group["lr"]
            if type(lr) is float and lr == written[i]:
                group["lr"] = written[i] = floor + (base - floor) * now
                continue
            untouched = self._untouched(i, group, before)
            value = self._closed(i, now) if untouched else self._scaled(i, float(lr), before, now)
            others.append((i, group, untouched, value))
        for _, group, _, value in others:  # after all have been read: groups may share one tensor
            write(group, value)
        for i, group, untouched, _ in others:
            written[i] = None  # by ratios from now on, whatever the lr comes to
            if untouched:
                self._remember(i, group)

    def _initial_step(self) -> None:
        """Begin at the epoch after ``last_epoch``; torch's SequentialLR calls this on its first child.

        At epoch 0 the lr that is found in a group is scaled by c(0), as torch does, so that a scheduler built before
        this one keeps its say. At a later epoch, which means resuming, the closed form is written.
        """
        self._step_count = 1
        self.last_epoch += 1
        now = self._curve(self.last_epoch)
        for i, group in enumerate(self.optimizer.param_groups):
            lr = float(group["lr"])
            if self.last_epoch > 0 or math.isclose(lr, self.base_lrs[i], rel_tol=1e-12):
                self._set(i, group, self._closed(i, now))
            else:
                write(group, self._scaled(i, lr, 1.0, now))
        self._plan()
        self._next = self.last_epoch + 1  # the first step() looks at the order of the calls

    def _update_lr(self, epoch: int | None = None) -> None:
        """Write the closed form of any epoch, whatever the lr is now; torch's SequentialLR does so at a milestone."""
        epoch = self.last_epoch + 1 if epoch is None else epoch
        self.last_epoch = check_value(type(self).__name__, "epoch", Whole(ge=0), epoch)
        now = self._curve(self.last_epoch)
        for i, group in enumerate(self._groups(now)):
            self._set(i, group, self._closed(i, now))
        self._plan()

    def _move(self) -> None:
        """Write the lr of the present epoch; :meth:`step` comes here only when there may be something to write."""
        if self._first is not None:
            first, self._first = self._first, None
            first.look(type(self).__name__, stacklevel=3)
        t = self.last_epoch
        before = self._now if self._now_epoch == t - 1 else self._curve(t - 1)
        now = self._curve._factor(t, PYTHON)  # t and the curve have been checked
        self._now, self._now_epoch = now, t
        groups = self._groups(now)
        if now != before:
            self._write_all(groups, before, now)
        if self._smooth and t < self._end:
            self._next = t + 1
        else:
            self._plan()

    def _plan(self) -> None:
        """Find the next epoch that has anything to write; the ones before it are two additions and a comparison."""
        horizon = self._curve.horizon
        self._end = _NEVER if horizon is None else horizon
        t = self.last_epoch + 1
        window = 1
        changes = self._curve.changes(t, t + window)
        while changes == () and t + window <= min(self._end, 2**40):
            window *= 8
            changes = self._curve.changes(t, t + window)
        self._smooth = changes is None
        self._now, self._now_epoch = (self._curve(t - 1), t - 1) if self._smooth else (0.0, -1)
        if changes:
            self._next = changes[0]
        elif self._smooth:
            self._next = t
        else:
            self._next = t + window if t + window <= self._end else _NEVER

    def _groups(self, now: float) -> list[dict[str, Any]]:
        """The param groups; one that was added since joins at the position of the run, where c(t) is ``now``."""
        groups = self.optimizer.param_groups
        for i in range(len(self.base_lrs), len(groups)):
            self.base_lrs += base_lrs(groups[i : i + 1])
            self._written.append(None)
            self._set(i, groups[i], self._closed(i, now))
        return groups

    def _closed(self, i: int, factor: float) -> float:
        floor = self._floor
        return floor + (self.base_lrs[i] - floor) * factor

    def _scaled(self, i: int, lr: float, before: float, now: float) -> float:
        if before == 0:  # nothing to scale: add what the closed form gains
            return lr + self._closed(i, now) - self._closed(i, before)
        return self._floor + (lr - self._floor) * (now / before)

    def _untouched(self, i: int, group: dict[str, Any], before: float) -> bool:
        """Whether the group's lr is the one this scheduler wrote, where c(t) was ``before``."""
        lr, written = group["lr"], self._written[i]
        if written is None or not isinstance(lr, Tensor):
            return bool(lr == written)
        if written[0] == id(lr):  # by version: looking at the value would synchronise the device
            return bool(written[1] == lr._version)
        return _same(lr, self._closed(i, before))  # another tensor: a checkpoint of the optimizer was loaded

    def _set(self, i: int, group: dict[str, Any], value: float) -> None:
        write(group, value)
        self._remember(i, group)

    def _remember(self, i: int, group: dict[str, Any]) -> None:
        """Take the lr of a group for the one that was written here."""
        lr = group["lr"]
        self._written[i] = (id(lr), lr._version) if isinstance(lr, Tensor) else lr

    # -- reading ----------------------------------------------------------------------------------------------------

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The pure schedule of every param group: an absolute ``eta_min`` is a factor of the group's base lr."""
        return tuple(map(self._for_base, self.base_lrs))

    @property
    def schedule(self) -> Schedule:
        """The pure schedule, for ``show`` and ``trace``. Raises :class:`~glideslope.ScheduleError` when the groups
        differ: then there is one for each in ``schedules``."""
        schedules = self.schedules
        if any(each != schedules[0] for each in schedules):
            raise ScheduleError.about(
                f"{type(self).__name__}.schedule",
                "be the same for all param groups",
                list(schedules),
                "Read `schedules`.",
            )
        return schedules[0]

    def _for_base(self, base_lr: float) -> Schedule:
        """The schedule of a group with this base lr."""
        return self._curve

    def get_lr(self) -> list[float]:  # type: ignore[override]
        """Return the closed form at the present epoch for every group: pure in ``last_epoch``, safe at any time."""
        now = self._curve(self.last_epoch)
        return [self._closed(i, now) for i in range(len(self.base_lrs))]

    def get_last_lr(self) -> list[Any]:
        """Return the lr in use in every group, as a new list; tensors are copies."""
        return [
            group["lr"].clone() if isinstance(group["lr"], Tensor) else group["lr"]
            for group in self.optimizer.param_groups
        ]

    @property
    def _last_lr(self) -> list[Any]:  # type: ignore[override]  # what torch keeps under this name
        return self.get_last_lr()

    # -- state ------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text: torch's keys, and the schedule it was made with."""
        return {
            **{name: copy(getattr(self, name)) for name in self._declared()},
            "schedule": repr(self._curve),
            "base_lrs": list(self.base_lrs),
            "last_epoch": self.last_epoch,
            "_step_count": self._step_count,
            "_last_lr": [float(group["lr"]) for group in self.optimizer.param_groups],
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where a :meth:`state_dict` was taken, and put the lr of that moment back into the optimizer.

        As in torch the arguments in the state win; when they differ from the constructor's, that is said. The argument
        is not changed. Raises :class:`~glideslope.ScheduleError` for the state of another class or number of groups.
        """
        where = f"{type(self).__name__}.load_state_dict"
        groups = self.optimizer.param_groups
        state = state_of(where, state_dict, len(groups), {**COUNTERS, "_last_lr": ListOf(Number())})
        if len(state["_last_lr"]) != len(groups):
            must = f"have one lr for each of {len(groups)} param groups"
            raise ScheduleError.about(f"{where}: `_last_lr`", must, list(state["_last_lr"]))
        self._take_arguments(where, state_dict)
        self.base_lrs = list(state["base_lrs"])
        self._written = [None] * len(groups)
        self._first = None  # what comes next is no first step
        self.last_epoch, self._step_count = state["last_epoch"], state["_step_count"]
        now = self._curve(self.last_epoch)
        for i, (group, lr) in enumerate(zip(groups, state["_last_lr"], strict=True)):
            self._set(i, group, lr)
        for i, group in enumerate(groups):
            if not _same(group["lr"], self._closed(i, now)):
                self._written[i] = None  # somebody had changed it: go on by ratios
            else:
                self._remember(i, group)
        self._plan()

    def _take_arguments(self, where: str, state: dict[str, Any]) -> None:
        """Take the constructor's arguments out of a state; all of them, or none when it does not fit."""
        declared, before = self._declared(), self._curve
        missing = [name for name in declared if name not in state]
        if missing:
            must = f"{where}: `state` must have the key `{missing[0]}`"
            raise ScheduleError(f"{must}; this is the state of another class.")
        mine = {"_" + name: getattr(self, name) for name in declared}
        theirs = {"_" + name: check_value(where, name, declared[name].constraint, state[name]) for name in declared}
        self.__dict__.update(theirs)
        self._curve = self._build()
        if state.get("schedule", repr(self._curve)) != repr(self._curve):  # torch's own states do not name one
            self.__dict__.update(mine)
            self._curve = self._build()
            must = f"be the state of a {type(self).__name__}"
            raise ScheduleError.about(f"{where}: `state`", must, state["schedule"], "That is another class's schedule.")
        if self._curve != before:
            say(f"{where}: the checkpoint was made with {self._curve!r}, which now replaces {before!r}.", stacklevel=3)

    @classmethod
    def _declared(cls) -> dict[str, Argument]:
        found = {name: each for base in reversed(cls.__mro__) for name, each in vars(base).items()}
        return {name: each for name, each in found.items() if isinstance(each, Argument)}

    def __getstate__(self) -> dict[str, Any]:
        groups, now = self.optimizer.param_groups, self._curve(self.last_epoch)
        pairs = enumerate(zip(groups, self._written, strict=False))
        # The identity of a tensor does not travel; "untouched" does.
        written = [self._untouched(i, group, now) if type(w) is tuple else w for i, (group, w) in pairs]
        return {**self.__dict__, "_first": FirstStep.packed(self._first), "_written": written}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._first = FirstStep(self.optimizer) if state["_first"] else None
        for i, untouched in enumerate(self._written):
            if untouched is True:
                self._remember(i, self.optimizer.param_groups[i])
            elif untouched is False:
                self._written[i] = None

    @staticmethod
    def _require_initial_lr(groups: list[dict[str, Any]]) -> None:
        for i, group in enumerate(groups):
            if "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{i}] when resuming scheduler with "
                    "last_epoch >= 0.\nLoad the optimizer's state first, or start with last_epoch=-1."
                )


def _same(lr: Any, value: float) -> bool:
    """Whether a group's lr is this value, as near as its type can hold it."""
    near = 2 * finfo(lr.dtype).eps if isinstance(lr, Tensor) else 0.0
    return math.isclose(float(lr), value, rel_tol=max(near, 1e-9))
