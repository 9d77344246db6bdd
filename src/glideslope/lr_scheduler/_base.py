"""What every drop-in with one curve shares: torch's attributes and counting, the lr from the curve's closed form."""

import math
from copy import copy
from typing import Any, ClassVar, Protocol

from torch import Tensor, finfo
from torch.optim import Optimizer

from .._check import ScheduleError, Whole, check_value, shorten
from .._ops import PYTHON, Ops
from ..schedule import Schedule
from ..torch._groups import COUNTERS, Epoch, base_lrs, optimizer_of, plain, say, state_of, write
from ..torch._guard import Guard, say_what_was_left
from ..torch._live import tell_of_epoch_argument, tell_once
from ..torch._updates import Updates
from ._loading import load
from ._node import Argument as Argument
from ._node import Factors, Node, of_another_class
from ._per_group import EachGroup

_NEVER = math.inf


class Curve(Protocol):
    """What a drop-in follows: a schedule, or functions that give a factor for each param group."""

    def _factor(self, t: Any, ops: Ops) -> Any: ...


class DropIn(Node):
    """Base of the drop-ins: torch's signatures, counters and multiplicative contract over one curve.

    The curve gives the factor c(t), and each param group has a line, its lr where c is 0 and what it gains where c is 1
    (0 and base_lr, but for classes with an absolute ``eta_min`` or ``max_lr``). A group whose lr is still the one
    that this scheduler wrote gets ``floor + span * c(t)``. A group whose lr somebody else has changed, by hand or by
    another scheduler, keeps that and is scaled from there by c(t)/c(t-1), as torch's recursive forms do; see
    :class:`Absolute` for the others.

    A subclass declares its constructor's arguments, each an :class:`Argument`; ``_build`` makes its curve of them.
    """

    __slots__ = ("_curve", "_end", "_guard", "_lines", "_next", "_now", "_overridden", "_since", "_smooth", "_written")
    _asks_base: ClassVar[bool] = True  # the run depends on what stands in the groups as initial_lr
    _overridden: bool  # a subclass in somebody's program says the lr itself, as torch's classes let it
    _curve: Curve | None
    _since: float  # the epoch that was planned from, and ...
    _next: float  # ... the next one at which there is something to do; in between a step only counts
    _smooth: bool  # the curve changes at every step, until _end
    _end: float
    _now: Factors  # the factor in force

    def __init__(self, optimizer: Optimizer, last_epoch: int) -> None:
        # torch's constructor replaces optimizer.step, so it is not called; these are the attributes it would set.
        name = type(self).__name__
        self.optimizer = optimizer_of(name, optimizer)
        last_epoch = check_value(name, "last_epoch", Whole(ge=-1), last_epoch)
        self._overridden = not type(self).get_lr.__module__.startswith("glideslope.")
        self._curve = self._build()
        if last_epoch >= 0:
            self._require_initial_lr(optimizer.param_groups)
        else:
            self._prepare_groups()
        self.base_lrs = self._bases()
        self._guard = Guard(optimizer, last_epoch + 1)
        if last_epoch < 0 and self._asks_base:
            say_what_was_left(name, optimizer, self.base_lrs)
        self._written: list[Any] = [None] * len(self.base_lrs)
        self._draw_lines()
        self.last_epoch = last_epoch
        self._initial_step()
        Updates.note_lrs(optimizer)

    # -- what a subclass says ---------------------------------------------------------------------------------------

    def _build(self) -> Curve:
        """The curve of the present arguments."""
        raise NotImplementedError(f"{type(self).__name__} must build its curve")

    def _prepare_groups(self) -> None:
        """Put into the param groups what torch's class puts there when a run begins."""

    def _bases(self) -> list[float]:
        """The base lr of every group."""
        return base_lrs(self.optimizer.param_groups)

    def _line(self, i: int) -> tuple[float, float]:
        """The lr of a group where c is 0, and what it gains where c is 1."""
        return 0.0, self.base_lrs[i]

    def _at(self, t: Any) -> Any:
        """c(t): one factor for all groups, or a list with one for each."""
        return self._curve._factor(t, PYTHON)  # type: ignore[union-attr]

    def _write_others(self) -> None:
        """Write the keys other than lr that follow the curve."""

    # -- stepping ---------------------------------------------------------------------------------------------------

    def step(self, epoch: float | None = None) -> None:
        """Move one epoch (or whatever it is called for) on; call it after ``optimizer.step()``.

        ``step(epoch)`` goes straight to that epoch; deprecated in torch and here, and warned about.
        """
        if epoch is not None:
            if _is_metric(epoch, self.last_epoch):
                message = f"{type(self).__name__}: step({float(epoch):g}) goes to that epoch; it takes no metric."
                hint = "Call step() alone, or take ReduceLROnPlateau."
                tell_once(self.optimizer, "metric-to-non-plateau", message, hint)
            else:
                tell_of_epoch_argument(self.optimizer)
            self._update_lr(epoch)
            self._step_count += 1
            return
        self._step_count += 1
        self.last_epoch += 1
        if not self._since < self.last_epoch < self._next or len(self.optimizer.param_groups) != len(self._written):
            self._move()

    def _move(self) -> None:
        """Write the lr of the present epoch; :meth:`step` comes here only when there may be something to do."""
        t = self.last_epoch
        if t >= self._guard.at:
            self._guard.look(type(self).__name__, t)
        in_force = self._now
        groups = self.optimizer.param_groups
        if len(groups) != len(self._written):
            self._join()
        before = in_force if self._since < t < self._next + 1 else self._at(max(t - 1, 0))  # last_epoch was set by hand
        now = self._now = self._at(t)
        if self._overridden:
            self._write_own_lrs()
        elif now != before or now != in_force:
            self._write_all(groups, before, now)
        if self._smooth and t < self._end and t > self._since:
            self._since, self._next = t, t + 1
        else:
            self._plan()

    def _write_all(self, groups: list[dict[str, Any]], before: Any, now: Any) -> None:
        """Go from c(t) = ``before`` to ``now`` in every group; a float that nobody has touched is done on the spot."""
        if type(now) is not type(before):  # the parts of a chain change, and with them what groups share
            before, now = self._each(before), self._each(now)
        shared, written = type(now) is float, self._written
        if not shared and len(before) < len(now):  # a new group is where it has just been put
            before = [*before, *now[len(before) :]]
        others: list[tuple[int, dict[str, Any], bool, float]] = []
        for i, (floor, span) in enumerate(self._lines):
            group = groups[i]
            lr = group["lr"]
            value = floor + span * (now if shared else now[i])
            if type(lr) is float and lr == written[i]:
                group["lr"] = written[i] = value
                continue
            was, new = (before, now) if shared else (before[i], now[i])
            untouched = self._untouched(i, group, was)
            others.append((i, group, untouched, value if untouched else self._scaled(i, float(lr), was, new)))
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
        if self.last_epoch >= 0 or self._overridden:
            self._update_lr(self.last_epoch + 1)
            return
        self.last_epoch += 1
        self._now = self._at(self.last_epoch)
        factors = self._each(self._now)
        for i, group in enumerate(self.optimizer.param_groups):
            lr = float(group["lr"])
            if math.isclose(lr, self.base_lrs[i], rel_tol=1e-12):
                self._set(i, group, self._closed(i, factors[i]))
            else:
                write(group, self._scaled(i, lr, 1.0, factors[i]))
        self._plan()

    def _go(self, epoch: Any) -> None:
        self.last_epoch = check_value(type(self).__name__, "epoch", Epoch(), plain(epoch))
        self._now = self._at(self.last_epoch)
        self._guard.restart(self.last_epoch)
        self._write_others()

    def _advance(self, metrics: Any) -> None:
        self._step_count += 1
        self.last_epoch += 1
        self._write_others()

    def _update_lr(self, epoch: Any = None) -> None:
        self._go(self.last_epoch + 1 if epoch is None else epoch)
        self._join()
        if self._overridden:
            self._write_own_lrs()
        elif not type(self)._get_closed_form_lr.__module__.startswith("glideslope."):
            for i, (group, lr) in enumerate(zip(self.optimizer.param_groups, self._get_closed_form_lr(), strict=True)):
                self._set(i, group, float(lr))
        else:
            factors = self._each(self._now)
            for i, group in enumerate(self.optimizer.param_groups):
                self._set(i, group, self._closed(i, factors[i]))
        self._plan()

    def _plan(self) -> None:
        """Find the next epoch that has anything to do; the ones before it are two additions and two comparisons."""
        self._since = self.last_epoch
        t = math.floor(self.last_epoch) + 1
        if self._overridden or not isinstance(self._curve, Schedule):
            self._smooth, self._end, self._next = True, _NEVER, t
            return
        horizon = self._curve.horizon
        self._end = _NEVER if horizon is None else horizon
        window = 1
        changes = self._curve.changes(t, t + window)
        while changes == () and t + window <= min(self._end, 2**40):
            window *= 8
            changes = self._curve.changes(t, t + window)
        self._smooth = changes is None
        if changes:
            following: float = changes[0]
        elif self._smooth:
            following = t
        else:
            following = t + window if t + window <= self._end else _NEVER
        self._next = min(following, self._guard.at)

    def _rebuild(self) -> None:
        if hasattr(self, "_lines"):
            self._check_lengths()
            self._curve = self._build()
            self._draw_lines()
            self._since = _NEVER  # whatever the next step is, it writes

    def _check_lengths(self) -> None:
        groups = len(self.base_lrs)
        for key, each in self._declared().items():
            values = getattr(self, each.name, None)
            if isinstance(each.constraint, EachGroup) and len(values or ()) != groups:
                must = f"have one value for each of {groups} param groups"
                raise ScheduleError.about(f"{type(self).__name__}: `{key}`", must, values)

    def _draw_lines(self) -> None:
        self._lines = [self._line(i) for i in range(len(self.base_lrs))]

    def _measure(self) -> None:
        """Take the base lr of every param group that was added since, and forget those that were taken away."""
        groups = len(self.optimizer.param_groups)
        del self.base_lrs[groups:], self._lines[groups:]
        for i in range(len(self.base_lrs), len(self.optimizer.param_groups)):
            self.base_lrs.append(self._joined(i))
            self._lines.append(self._line(i))

    def _adopt(self) -> None:
        self._measure()
        del self._written[len(self.base_lrs) :]
        self._written += [None] * (len(self.base_lrs) - len(self._written))

    def _join(self) -> None:
        new = range(len(self._written), len(self.optimizer.param_groups))
        self._adopt()
        if new:
            self._now = self._at(max(self.last_epoch, 0))
            factors = self._each(self._now)
            for i in new:
                self._set(i, self.optimizer.param_groups[i], self._closed(i, factors[i]))

    def _joined(self, i: int) -> float:
        return base_lrs(self.optimizer.param_groups[i : i + 1])[0]

    def _write_own_lrs(self) -> None:
        self._get_lr_called_within_step = True
        try:
            lrs = self.get_lr()
        finally:
            self._get_lr_called_within_step = False
        for i, (group, lr) in enumerate(zip(self.optimizer.param_groups, lrs, strict=True)):
            self._set(i, group, float(lr))

    def _each(self, factors: Any) -> list[float]:
        return [factors] * len(self.base_lrs) if isinstance(factors, (float, int)) else factors

    def _closed(self, i: int, factor: float) -> float:
        floor, span = self._lines[i]
        return floor + span * factor

    def _scaled(self, i: int, lr: float, before: float, now: float) -> float:
        if before == 0:  # nothing to scale: add what the closed form gains
            return lr + self._closed(i, now) - self._closed(i, before)
        floor = self._lines[i][0]
        return floor + (lr - floor) * (now / before)

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
        self._measure()
        return tuple(map(self._schedule_of, range(len(self.base_lrs))))

    def _schedule_of(self, i: int) -> Schedule:
        if not isinstance(self._curve, Schedule):
            must = "have a schedule to show; it calls a function, which is not a value"
            raise ScheduleError(f"{type(self).__name__}.schedule must {must}. Take get_lr() at an epoch instead.")
        return self._curve

    def _factors_at(self, t: Any) -> Factors:
        self._measure()
        c = self._at(max(t, 0))
        reference = self._reference
        if all(floor == 0 and span == lr for (floor, span), lr in zip(self._lines, reference, strict=True)):
            return c  # type: ignore[no-any-return]
        return [
            self._closed(i, each) / lr if lr else each
            for i, (lr, each) in enumerate(zip(reference, self._each(c), strict=True))
        ]

    def _lrs_at(self, t: Any) -> list[float]:
        self._measure()
        return [self._closed(i, each) for i, each in enumerate(self._each(self._at(max(t, 0))))]

    # -- state ------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text: torch's keys, and the schedule it was made with."""
        self._join()
        schedule = {"schedule": repr(self._curve)} if isinstance(self._curve, Schedule) else {}
        return {
            **self._own_attributes(),
            **self._arguments(),
            **schedule,
            "class": type(self).__name__,
            "base_lrs": list(self.base_lrs),
            "last_epoch": self.last_epoch,
            "_step_count": self._step_count,
            "_last_lr": [float(group["lr"]) for group in self.optimizer.param_groups],
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where a :meth:`state_dict` was taken, and put the lr of that moment back into the optimizer.

        As in torch the arguments in the state win; when they differ from the constructor's, that is said. The argument
        is not changed. Raises :class:`~glideslope.ScheduleError`, and changes nothing, for the state of another class
        or number of groups.
        """
        self._join()
        load(self, state_dict)

    def _take_state(self, where: str, state: Any) -> None:
        self._join()
        self._must_be_mine(where, state)
        counters = state_of(where, state, len(self.base_lrs), COUNTERS)
        declared = self._declared()
        before = self._arguments()
        for key, value in self._read(where, state).items():
            checked = declared[key].check(where, value)
            if not _close(checked, before.get(key)):  # what differs by rounding alone stays
                self.__dict__["_" + declared[key].name] = checked
        self._take_own_attributes(state)
        now = self._arguments()
        changed = [key for key in now if now[key] != before.get(key)]
        if changed:
            theirs, mine = (
                ", ".join(f"{key.lstrip('_')}={each.get(key)!r}" for key in changed) for each in (now, before)
            )
            say(f"{where}: the checkpoint was made with {theirs}, which now replaces {mine}.")
        self.base_lrs = list(counters["base_lrs"])
        self._check_lengths()
        self.last_epoch, self._step_count = counters["last_epoch"], counters["_step_count"]
        self._curve = self._build()
        self._draw_lines()

    def _resume(self, lrs: list[float]) -> None:
        groups = self.optimizer.param_groups
        self._written = [None] * len(groups)
        self._guard = Guard(self.optimizer, self.last_epoch, first=False)  # what comes next is no first step
        self._now = self._at(max(self.last_epoch, 0))
        factors = self._each(self._now)
        for i, (group, lr) in enumerate(zip(groups, lrs, strict=True)):
            self._set(i, group, lr)
        for i, group in enumerate(groups):
            if not _same(group["lr"], self._closed(i, factors[i])):
                self._written[i] = None  # somebody had changed it: go on by ratios
            else:
                self._remember(i, group)
        self._write_others()
        self._plan()

    def _arguments(self) -> dict[str, Any]:
        """The constructor's arguments as the state has them."""
        return {
            key: copy(getattr(self, each.name)) for key, each in self._declared().items() if hasattr(self, each.name)
        }

    def _read(self, where: str, state: Any) -> dict[str, Any]:
        """The arguments a state was made with; a class whose torch namesake keeps them otherwise translates here."""
        missing = [key for key in self._declared() if key not in state]
        if missing:
            raise ScheduleError(f"{where}: `state` must have the key `{missing[0]}`, got {shorten(sorted(state))}.")
        return {key: state[key] for key in self._declared()}

    def _must_be_mine(self, where: str, state: Any) -> None:
        """Refuse the state of another class: ours says whose it is, torch's tells by its keys."""
        names, mine = [cls.__name__ for cls in type(self).__mro__], self._declared()
        said = state.get("class")
        others = {key for cls in _descendants(DropIn) for key in cls._declared()} - set(mine)
        if not (said in names if said is not None else self._fits(state) and not others & set(state)):
            whose = said or " or ".join(sorted(cls.__name__ for cls in _descendants(DropIn) if cls._fits(state)))
            raise of_another_class(where, type(self), whose)

    @classmethod
    def _fits(cls, state: Any) -> bool:
        """Whether a state that does not say whose it is, which is torch's, has the keys of this class."""
        keys = set(cls._declared())
        return bool(keys) and keys <= set(state)

    def __getstate__(self) -> dict[str, Any]:
        groups, now = self.optimizer.param_groups, self._each(self._now)
        pairs = enumerate(zip(groups, self._written, strict=False))
        # The identity of a tensor does not travel; "untouched" does.
        written = [self._untouched(i, group, now[i]) if type(w) is tuple else w for i, (group, w) in pairs]
        return {**super().__getstate__(), "_guard": self._guard.pending, "_written": written}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._guard = Guard(self.optimizer, self.last_epoch, first=state["_guard"])
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


class Absolute(DropIn):
    """Base of the classes that in torch write their lr whatever it was, at every step."""

    __slots__ = ("_drawn",)
    _drawn: list[float]  # the base_lrs that the lines were drawn with

    def _draw_lines(self) -> None:
        super()._draw_lines()
        self._drawn = list(self.base_lrs)

    def _initial_step(self) -> None:
        self._step_count = 1
        self._update_lr(self.last_epoch + 1)

    def _move(self) -> None:
        t = self.last_epoch
        if t >= self._guard.at:
            self._guard.look(type(self).__name__, t)
        groups = self.optimizer.param_groups
        if len(groups) != len(self._written):
            self._join()
        if self._overridden:
            self._write_own_lrs()
        else:
            if self.base_lrs != self._drawn:  # torch's classes of this kind follow base_lrs that are set by hand
                self._draw_lines()
            now = self._now = self._at(t)
            shared = type(now) is float
            for i, (floor, span) in enumerate(self._lines):
                group = groups[i]
                value = floor + span * (now if shared else now[i])
                if type(group["lr"]) is float:
                    group["lr"] = value
                else:
                    write(group, value)
        self._write_others()

    def _plan(self) -> None:
        self._since = self._next = _NEVER  # every step writes


def _descendants(cls: type[DropIn]) -> list[type[DropIn]]:
    return [each for child in cls.__subclasses__() for each in (child, *_descendants(child))]


def _is_metric(epoch: Any, last: float) -> bool:
    """Whether what was given as the epoch must be a metric: a tensor with a fraction, or a fraction that goes back."""
    try:
        fraction = not float(epoch).is_integer()
    except (TypeError, ValueError, OverflowError):
        return False
    return fraction and (isinstance(epoch, Tensor) or epoch < last)


def _same(lr: Any, value: float) -> bool:
    """Whether a group's lr is this value, as near as its type can hold it."""
    near = 2 * finfo(lr.dtype).eps if isinstance(lr, Tensor) else 0.0
    return math.isclose(float(lr), value, rel_tol=max(near, 1e-9))


def _close(a: Any, b: Any) -> bool:
    """Whether two arguments are the same but for rounding."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_close, a, b))
    return bool(a == b)
