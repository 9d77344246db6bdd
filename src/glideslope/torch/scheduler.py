"""Scheduler: schedules bound to an optimizer."""

import logging
import math
from collections.abc import Callable, Mapping
from typing import Any, SupportsFloat

from torch import compiler
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from .._check import Flag, ListOf, Number, OneOf, ScheduleError, check_value, nearest, shorten
from ..clock import Run, StepCount
from ..plateau import Plateau
from ..schedule import Schedule
from . import _by_hand as by_hand
from ._device import OnDevice
from ._groups import optimizer_of, say
from ._guard import Guard, say_what_was_left
from ._history import Record, active, copied, in_force, renumbered
from ._keys import LR, Key, keys_of
from ._lines import Line, are_written, separate, write
from ._live import tell, tell_of_plan
from ._metric import Metric
from ._outside import Outside, Value
from ._resume import POLICIES, Place, decided, read, resume
from ._roster import Roster
from ._tracks import Given, Track, read_tracks
from ._updates import before_load, before_update, countable, on_load, on_update
from ._wall import Wall

LOG = logging.getLogger("glideslope")

WHOLE = ("max_iter", "max_eval", "history_size", "ns_steps")
"""The hyperparameters of torch's optimizers that count something: their values are rounded."""


class Scheduler(LRScheduler):
    """Drive hyperparameters of an optimizer: ``value = base * schedule(t)``, t the optimizer updates done, from 0.

    ``schedule`` is one schedule for the lr of all param groups, a list with one for each group, a dict by the groups'
    ``name``, or a dict by hyperparameter (``"lr"``, ``"weight_decay"``, ``"betas[0]"``, any number in the groups), each
    again one schedule, a list or a dict by name. The base is the value a group has when it is first scheduled; for the
    lr its ``initial_lr``. A number is replaced, a tensor is filled in place; nothing else of the optimizer is written,
    and its ``step`` is left alone.

    * ``advance``: "manual", call ``step()`` after ``optimizer.step()``, once per update or once per epoch: the
      schedule's time is whatever it is called for. "optimizer", it moves by itself, once for every update the optimizer
      really makes, so that the order cannot be wrong.
    * ``run`` resolves durations such as ``"30ep"``; with ``Run(wall="6h")`` time is the seconds since the run began.
    * ``plateau`` multiplies the lr of all groups by what the metrics given to ``step(metric)`` or :meth:`observe` call
      for; ``save_best()`` is called at each new best metric, ``restore_best()`` when the lr is reduced.
    * ``values`` follow the same clock outside the optimizer: schedules, or :class:`Value`.
    * ``added``: a group added later starts at the run's position ("join"), or at its own time 0 ("restart").
    * ``policy``: what :meth:`load_state_dict` does with the checkpoint of another schedule.
    * ``device=True`` keeps the clock and all values in tensors on the params' device.
    * ``guard=False`` looks for no mistakes.

    A torch ``LRScheduler``: trainers take it as it is. Raises :class:`~glideslope.ScheduleError` for arguments that do
    not fit the optimizer or each other, and durations without a run.

    >>> import torch, glideslope as gs
    >>> from glideslope.torch import Scheduler
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5, weight_decay=0.1)
    >>> drops = gs.MultiStepDecay([2], gamma=0.1)
    >>> scheduler = Scheduler(optimizer, {"lr": drops, "weight_decay": gs.LinearDecay(6)})
    >>> for epoch in range(3):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> scheduler.values()
    {'lr': 0.05, 'weight_decay': 0.05}
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedule: Given | Mapping[str, Given],
        *,
        advance: str = "manual",
        run: Run | None = None,
        plateau: Plateau | None = None,
        values: Mapping[str, Schedule | Value] | None = None,
        added: str = "join",
        policy: str = "strict",
        device: bool = False,
        guard: bool = True,
        save_best: Callable[[], object] | None = None,
        restore_best: Callable[[], object] | None = None,
    ) -> None:
        # torch's constructor replaces optimizer.step, so it is not called; these are the attributes it would set.
        self.optimizer = optimizer_of("Scheduler", optimizer)
        self.advance: str = check_value("Scheduler", "advance", OneOf(("manual", "optimizer")), advance)
        self.added: str = check_value("Scheduler", "added", OneOf(("join", "restart")), added)
        self.policy: str = check_value("Scheduler", "policy", OneOf(POLICIES), policy)
        self._guarding: bool = check_value("Scheduler", "guard", Flag(), guard)
        if not (run is None or isinstance(run, Run)):
            raise ScheduleError.about("Scheduler: `run`", "be a glideslope.Run, such as Run(epochs=90)", run)
        if advance == "optimizer" and not countable(optimizer):
            must = "be one whose updates torch can tell of; its class does not call Optimizer.__init__"
            raise ScheduleError(f'Scheduler: `optimizer` must {must}. Take advance="manual".')
        self.run = run
        self._metric = Metric(plateau, save_best, restore_best)
        groups = optimizer.param_groups
        self._outside = Outside(groups, values)
        tracks = read_tracks(groups, schedule)
        self._roster = Roster(["lr", *(name for name in tracks if name != "lr")], list(tracks))
        tracks |= {name: Track(name, each.schedule) for name, each in self._outside.values.items()}
        if run is not None:
            tracks = {name: track.resolve(run) for name, track in tracks.items()}
        for track in tracks.values():
            for each in track.schedules():
                each(0)  # refuses durations that no run has resolved before anything is written
        self._built = tracks, plateau
        self._tracks = tracks
        self._wall = Wall() if run is not None and run.wall is not None else None
        self._on_device = self._clock_on_device(check_value("Scheduler", "device", Flag(), device))
        self._epoch = 0
        self._step_count = 1
        self._history: list[Record] = []
        self._said: set[str] = set()
        self._roster.follow(optimizer, start=0)
        if "lr" in tracks:
            say_what_was_left("Scheduler", optimizer, self.base_lrs)
        self._arrange()
        self._write()
        self._attend(first=True)
        if guard and run is not None and "lr" in tracks:
            tell_of_plan(optimizer, tracks["lr"].schedules(), run)

    def _clock_on_device(self, device: bool) -> OnDevice | None:
        if not device:
            return None
        if self._wall is not None:
            raise ScheduleError("Scheduler: device=True must count steps; a clock on the wall is read by the host.")
        if any(value.call for value in self._outside.values.values()):
            raise ScheduleError("Scheduler: device=True must do without `call`; it would wait for the device.")
        keys = filter(None, map(Key.parse, self._roster.bases.keys() & self._built[0].keys()))
        return OnDevice(self.optimizer.param_groups, list(keys))

    def _attend(self, first: bool) -> None:
        """Follow the optimizer: its updates, the groups that come and go, the checkpoints that are loaded into it."""
        self._guard: Guard | None = None
        if self.advance == "optimizer":
            # A compiled step goes round the host's clock: it would be compiled again for every piece of the schedule.
            there = self._on_device is not None
            move = Scheduler._advance if there else compiler.disable(Scheduler._advance)  # type: ignore[no-untyped-call]
            on_update(self.optimizer, self, move, even_skipped=there)
        elif self._guarding and self._on_device is None:
            self._guard = Guard(self.optimizer, self._epoch, first, self.run)
        self._in_charge = True
        self._left_behind: list[float] | None = None
        before_update(self.optimizer, self, Scheduler._before_update)
        before_load(self.optimizer, self, Scheduler._before_load)
        on_load(self.optimizer, self, Scheduler._after_load)

    # -- time -------------------------------------------------------------------------------------------------------

    @property
    def last_epoch(self) -> int:
        """Steps done, under torch's name; with device=True asking waits for the device."""
        return self._epoch if self._on_device is None else int(self._on_device.clock)

    @last_epoch.setter
    def last_epoch(self, epoch: int) -> None:
        self._go(epoch)
        self._arrange()  # what others write meanwhile is no surprise: Ignite counts by itself, and writes get_lr()
        if list(self._tracks) != ["lr"] and epoch > 0:
            self._say_once(
                "Scheduler: `last_epoch` is set from outside, so nothing but the lr can follow. Call scheduler.step()."
            )

    def _go(self, epoch: int) -> None:
        self._epoch = epoch
        if self._on_device is not None:
            self._on_device.clock.fill_(epoch)

    @property
    def _time(self) -> float:
        return self.last_epoch if self._wall is None else self._wall.elapsed

    def step(self, metric: SupportsFloat | None = None) -> None:
        """Move one step on; call it after ``optimizer.step()``.

        A metric is for the plateau: it is looked at first, so that a reduction holds from this step on. With
        ``advance="optimizer"`` a step is not taken here: ``step(metric)`` is :meth:`observe`, and ``step()`` does
        nothing, which is said once. Raises :class:`~glideslope.ScheduleError` for a metric that is no number.
        """
        if metric is not None:
            self._feed(metric)
        if self.advance == "optimizer":
            if metric is None:
                self._say_once('Scheduler(advance="optimizer") moves by itself: this call of step() changed nothing.')
            self._write()
            return
        self._advance()
        if self._guard is not None and self._epoch >= self._guard.at:
            self._guard.look("Scheduler", self._epoch)

    def _advance(self) -> None:
        if self._on_device is not None:
            self._on_device.advance(self.optimizer)
        else:
            self._epoch += 1
            self._step_count += 1
            if self._wall is not None:
                self._wall.tick()
        self._write()

    def _initial_step(self) -> None:
        """Begin at the step after ``last_epoch``; torch's SequentialLR calls this on its first child."""
        self._step_count = 1
        self._update_lr(self.last_epoch + 1)

    def _update_lr(self, epoch: int | None = None) -> None:
        """Write the values of any step; torch's SequentialLR calls this at a milestone."""
        if self.advance == "optimizer":
            raise ScheduleError('Scheduler(advance="optimizer") moves by itself: a sequence of torch cannot move it.')
        self._go(self.last_epoch + 1 if epoch is None else epoch)
        if self._guard is not None:
            self._guard.restart(self._epoch)
        self._arrange()  # what others have written meanwhile is no surprise
        self._write()

    # -- writing ----------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Work out which schedule drives which groups from here on."""
        groups, roster = self.optimizer.param_groups, self._roster
        records = active(self._history, self._time)
        lines: list[Line] = []
        for name, bases in roster.bases.items():
            key, track = Key.parse(name), self._tracks.get(name)
            if track is None or key is None:
                continue
            together: dict[tuple[Schedule, int], list[int]] = {}
            for i, (group, start) in enumerate(zip(roster.names, roster.starts, strict=True)):
                given = track.schedule_of(i, group)
                if given is not None and bases[i] is not None:
                    together.setdefault((in_force(given, name, i, start, records), start), []).append(i)
            found = [Line(key, each, start, which, bases, name in WHOLE) for (each, start), which in together.items()]
            separate(found, groups)
            lines += found
        outside = {
            name: in_force(self._tracks[name].schedules()[0], name, 0, 0, records)
            for name in self._outside.values
            if name in self._tracks
        }
        self._lines, self._outside.schedules = lines, outside
        if self._on_device is not None:
            self._on_device.take(lines, groups)

    def _follow(self) -> None:
        """Take the groups that were added, and forget those that were removed."""
        start = 0 if self.added == "join" else math.floor(max(self._time, 0))
        roster = self._roster
        old = roster.follow(self.optimizer, start)
        stayed = [j for j in old if j is not None]
        if stayed != list(range(len(stayed))):  # some were removed: what is kept by their numbers moves up
            built, plateau = self._built
            self._built = {name: track.renumbered(old) for name, track in built.items()}, plateau
            self._tracks = {name: track.renumbered(old) for name, track in self._tracks.items()}
            self._history = renumbered(self._history, roster.bases.keys(), old)
        for i in (i for i, j in enumerate(old) if j is None):
            for name, track in self._tracks.items():
                if name in roster.bases and track.schedule_of(i, roster.names[i]) is None:
                    self._say_once(
                        f"Scheduler: the param group {i} was added later and has no schedule of `{name}`; it stays as "
                        "it is. Give one schedule for all groups, or name the group and its schedule in a dict."
                    )
        self._arrange()

    def _write(self) -> None:
        groups = self.optimizer.param_groups
        if not self._roster.fits(groups):
            self._follow()
        if self._on_device is not None:
            self._on_device.write(groups)
            return
        t = self._epoch if self._wall is None else self._wall.elapsed
        if t < 0:
            return  # it waits for its turn in a sequence of torch
        strange = write(self._lines, groups, t, self._metric.progress.factor)
        if strange is not None and self._guarding:
            self._tell_once(
                "value-overwritten",
                f"Scheduler: the `{strange[0]}` of param group {strange[1]} was set to {shorten(strange[2])} by "
                "something else and is overwritten.",
                "One scheduler drives one hyperparameter; to set it by hand call scheduler.override(...).",
            )
        if self._outside.schedules:
            self._outside.tell(t)

    def _before_update(self) -> None:
        groups = self.optimizer.param_groups
        if not self._roster.fits(groups):
            self._follow()
            self._write()
        left = self._left_behind
        if left is not None and self._guarding:
            self._tell_once(
                "scheduler-rebuilt-on-resume",
                f"Scheduler: the checkpoint of the optimizer was made at lr {', '.join(f'{lr:.6g}' for lr in left)}, "
                "in the middle of a run, but this scheduler was not loaded, so it begins at step 0.",
                "Save and load its state.",
            )
            self._left_behind = None
        if self._guard is not None and self._guard.waits and self._time >= 0:
            self._guard.look_for_steps("Scheduler")

    def _drives(self) -> bool:
        """Whether the values are those written here: a child of torch's SequentialLR is silent while it waits."""
        groups = self.optimizer.param_groups
        return self._on_device is not None or (self._time >= 0 and are_written(self._lines, groups))

    def _before_load(self) -> None:
        if not self._roster.fits(self.optimizer.param_groups):
            self._follow()
        self._in_charge = self._drives()

    def _after_load(self) -> None:
        """A checkpoint of the optimizer brings its base lrs; the values of this step are written over its own."""
        groups = self.optimizer.param_groups
        self._roster.renew(groups)
        if self._on_device is not None:
            self._on_device.bring(groups)
        self._arrange()
        if self._in_charge:
            found = [float(group["lr"]) for group in groups] if "lr" in self._tracks else []
            began = self.last_epoch == 0 and not all(map(_alike, found, self.get_lr()))
            self._left_behind = found if began else None
            self._write()

    def _say_once(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            say(message)

    def _tell_once(self, rule: str, message: str, hint: str) -> None:
        if rule not in self._said:
            self._said.add(rule)
            tell(self.optimizer, rule, message, hint)

    # -- what a metric decides --------------------------------------------------------------------------------------

    def observe(self, metric: SupportsFloat) -> None:
        """Give the plateau a metric without taking a step: after validation, when steps are updates.

        A reduction is written at once. Raises :class:`~glideslope.ScheduleError` for what is no number.
        """
        self._feed(metric)
        self._write()

    def _feed(self, metric: SupportsFloat) -> None:
        if self.plateau is None:
            message = "Scheduler got a metric, but it has no plateau to follow it; it was not used."
            self._tell_once("metric-to-non-plateau", message, "Give it plateau=gs.Plateau(...), or call step() alone.")
            return
        reduction = self._metric.feed(metric)
        if reduction is not None:
            self._note("plateau", **reduction)
            if self._on_device is not None:
                self._on_device.plateau.fill_(self._metric.factor)

    # -- by hand ----------------------------------------------------------------------------------------------------

    def cooldown(self, length: StepCount, to: float = 0.0, shape: str = "1-sqrt") -> None:
        """Let the lr fall from the one in force to ``to`` times the base lr within ``length``, beginning now.

        The falls are those of :class:`glideslope.combine.Cooldown`. ``length`` is a number of steps or a duration of
        the run; without a run "10%" is a tenth of the run that ends with this cooldown: after t steps, t * 10 / 90.
        It is kept in the state, and :meth:`undo` takes it back. Raises :class:`~glideslope.ScheduleError` for a length
        under one step, a ``to`` < 0 or above the lr in force, another shape, and an lr that is not scheduled.

        >>> import torch, glideslope as gs
        >>> from glideslope.torch import Scheduler
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        >>> scheduler = Scheduler(optimizer, gs.Constant(), advance="optimizer")
        >>> scheduler.cooldown(4, shape="linear")
        >>> for step in range(2):
        ...     optimizer.step()
        >>> scheduler.get_last_lr()
        [0.25]
        """
        self._change("cooldown", by_hand.cooldown, length, to, shape)

    def override(self, *, until: StepCount | None = None, **values: Any) -> None:
        """Hold hyperparameters at values given by hand: ``override(lr=0.01, until="30ep")``.

        A value is one number for all groups, or a list with one for each group (None: as scheduled). It holds from now
        to ``until``, the step (or duration since the run began) at which the schedule is back, or until :meth:`undo`;
        reductions by a plateau multiply what is held. ``**{"betas[0]": 0.9}`` for names with brackets. Raises
        :class:`~glideslope.ScheduleError` for what is not scheduled, a base of 0 and an ``until`` that is over.
        """
        outside = {name: each.base for name, each in self._outside.values.items()}
        self._change("override", by_hand.override, outside, until, values)

    def undo(self) -> None:
        """Take back the last :meth:`cooldown` or :meth:`override` that is still in force; the schedule is back at once.

        Raises :class:`~glideslope.ScheduleError` when there is none.
        """
        self._change("undo", by_hand.undo)

    @property
    def history(self) -> list[Record]:
        """Every change by hand, every reduction and every decision of a load, oldest first; a copy."""
        return copied(self._history)  # type: ignore[no-any-return]

    def _change(self, what: str, make: Callable[..., dict[str, Any]], *arguments: Any) -> None:
        place = self._place()
        if place.time < 0:
            raise ScheduleError(f"Scheduler.{what} must wait for the turn of this scheduler in the sequence it is in.")
        self._note(what, **make(place, self.run, *arguments))
        try:
            self._arrange()
        except ScheduleError:
            del self._history[-1]
            raise
        self._write()

    def _note(self, what: str, **more: Any) -> None:
        self._history.append({"what": what, "step": self.last_epoch, "at": math.floor(self._time), **more})
        LOG.info("Scheduler: %s", self._history[-1])

    # -- reading ----------------------------------------------------------------------------------------------------

    @property
    def schedule(self) -> Any:
        """The schedules given, in steps: one schedule when there is one for the lr, else what was given by name."""
        given = {name: copied(track.given) for name, track in self._tracks.items()}
        return given["lr"] if list(given) == ["lr"] else given

    @property
    def schedules(self) -> tuple[Schedule | None, ...]:
        """The schedule in force for the lr of every group, with all changes by hand; None where there is none."""
        return tuple(self._place().schedules("lr"))

    @property
    def plateau(self) -> Plateau | None:
        """The plateau in force."""
        return self._metric.plateau

    @property  # type: ignore[override]
    def base_lrs(self) -> list[float]:
        """The base lr of every group; what is set here is the base from now on."""
        return self._roster.bases["lr"]

    @base_lrs.setter
    def base_lrs(self, lrs: list[float]) -> None:
        found = check_value("Scheduler", "base_lrs", ListOf(Number(ge=0)), lrs)
        if len(found) != len(self.base_lrs):
            raise ScheduleError.about("Scheduler: `base_lrs`", f"have {len(self.base_lrs)} numbers", lrs)
        self._roster.bases["lr"][:] = found
        for group, lr in zip(self.optimizer.param_groups, found, strict=True):
            group["initial_lr"] = lr
        self._arrange()
        self._write()

    def get_lr(self) -> list[float]:  # type: ignore[override]
        """Return the lr of every group at the present step: pure in ``last_epoch``, safe to call at any time."""
        t, groups = self._time, self.optimizer.param_groups
        found: dict[int, float] = {}
        for line in self._lines:
            if line.key == LR:
                factor = line.schedule(max(t - line.start, 0)) * self._metric.factor
                found.update({i: line.bases[i] * factor for i in line.groups})
        return [found[i] if i in found else LR.read(group) or 0.0 for i, group in enumerate(groups)]

    def get_last_lr(self) -> list[float]:  # type: ignore[override]
        """Return the lr last written to every group, as a new list of floats."""
        return self.get_lr()

    @property
    def _last_lr(self) -> list[float]:  # type: ignore[override]  # what torch keeps under this name
        return self.get_lr()

    def values(self) -> dict[str, float]:
        """Return everything this scheduler drives as a flat dict of floats, for any logger.

        The keys are ``lr`` where there is one group without a name, else ``lr/head`` by the group's name, or ``lr/0``
        by its number; the names of the values outside; and ``plateau``, what a plateau has left of the lr.
        """
        groups, known = self.optimizer.param_groups, self._roster.names
        names = [name or str(i) for i, name in enumerate(known)]
        if len(set(names)) < len(names):
            names = [str(i) for i in range(len(known))]
        alone = known == [""]
        out = {
            str(line.key) if alone else f"{line.key}/{names[i]}": float(line.key.held(groups[i]))
            for line in self._lines
            for i in line.groups
        }
        out |= self._outside.now(self._time)
        return out | ({"plateau": self._metric.factor} if self.plateau is not None else {})

    def value(self, name: str) -> float:
        """Return one of :meth:`values`; raises :class:`~glideslope.ScheduleError` for a name that is not there."""
        found = self.values()
        if not isinstance(name, str) or name not in found:
            raise ScheduleError.about("Scheduler.value: `name`", "be one of values()", name, nearest(str(name), found))
        return found[name]

    # -- state ------------------------------------------------------------------------------------------------------

    def _place(self, built: bool = False) -> Place:
        """Where the run is, with what drives it now, or with what this was built with."""
        tracks, plateau = self._built if built else (self._tracks, self.plateau)
        return Place(
            tracks,
            self.last_epoch,
            {name: list(each) for name, each in self._roster.bases.items()},
            list(self._roster.starts),
            self._history,
            None if self._wall is None else self._wall.elapsed,
            None if self.run is None else self.run.total_steps,
            plateau,
            self._metric.progress,
            list(self._roster.names),
            self._built[0],
        )

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, text, lists and dicts; it names its schedules and what was changed."""
        if not self._roster.fits(self.optimizer.param_groups):
            self._follow()
        return self._place().state(self._step_count)

    def load_state_dict(self, state_dict: dict[str, Any], policy: str | None = None) -> None:
        """Go on where a :meth:`state_dict` was taken, and write the values of that step into the optimizer.

        The argument is not changed; loading twice is loading once; building, loading the optimizer and loading this may
        come in any order. The base values are the checkpoint's. When the state was made by another schedule,
        ``policy`` (or that of the constructor) decides:

        * "strict": a :class:`~glideslope.ScheduleError` that names both and the first step at which they differ;
        * "mine": this schedule, at the step of the checkpoint;
        * "checkpoint": the checkpoint's schedule, in the place of this one;
        * "continue": this schedule, times what makes it go on from the value in force;
        * "stretch": this schedule, at the same part of its length (of the run's, where both have one).

        What was decided is logged and kept in :attr:`history`. Raises :class:`~glideslope.ScheduleError`, and changes
        nothing, for a damaged state and another number of groups.
        """
        where = "Scheduler.load_state_dict"
        policy = check_value(where, "policy", OneOf(POLICIES), self.policy if policy is None else policy)
        groups = self.optimizer.param_groups
        if not self._roster.fits(groups):
            self._follow()
        built = self._place(built=True)
        theirs, step_count = read(where, state_dict, built)
        place = resume(where, policy, built, theirs, [*keys_of(groups), *self._outside.values])
        for message in decided(place, theirs):
            LOG.warning("Scheduler: %s", message)
        if "lr" in self._tracks and not all(map(_alike, self.base_lrs, theirs.bases["lr"])):
            there, here = shorten(theirs.bases["lr"]), shorten(self.base_lrs)
            say(f"{where}: the base lr of the groups is the checkpoint's, {there}, not {here}.")
        self._take(place, step_count)

    def _take(self, place: Place, step_count: int) -> None:
        self._left_behind = None
        for line in self._lines:
            if str(line.key) not in place.tracks:  # driven no longer
                for i in line.groups:
                    line.key.write(self.optimizer.param_groups[i], line.bases[i])
        self._tracks, self._metric.plateau, self._metric.progress = place.tracks, place.plateau, place.progress
        self._history = place.history
        self._outside.forget()
        self._roster.take(place.bases, place.starts, list(place.tracks), self.optimizer.param_groups)
        if self._wall is not None:
            self._wall = Wall(place.elapsed or 0.0)
        self._go(place.epoch)
        self._step_count = step_count
        if self._guard is not None:
            self._guard = Guard(self.optimizer, self._epoch, first=False, run=self.run)
        if self._on_device is not None:
            self._on_device.plateau.fill_(self._metric.factor)
        self._arrange()
        self._write()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_guard": self._guard is not None and self._guard.pending}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._attend(first=state["_guard"])  # copies of an optimizer come without hooks


def _alike(a: float | None, b: float | None) -> bool:
    """Whether two base values are the same, up to the rounding of a tensor."""
    return a == b if a is None or b is None else math.isclose(a, b, rel_tol=1e-6)
