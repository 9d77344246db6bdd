"""Scheduler: a schedule bound to an optimizer."""

from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from .._check import OneOf, ScheduleError, Whole, check_value
from ..clock import Run
from ..schedule import Schedule
from ..spec import parse
from ..trace import first_difference
from ._groups import COUNTERS, base_lrs, optimizer_of, say, state_of, write
from ._guard import Guard, say_what_was_left
from ._updates import countable, on_update


class Scheduler(LRScheduler):
    """Drive the lr of every param group: ``lr = base_lr * schedule(t)``, t the optimizer updates done, from 0.

    ``base_lr`` is the group's lr when it was first scheduled (its ``initial_lr``). A number is replaced, a tensor is
    filled in place; nothing else of the optimizer is written, and its ``step`` is left alone.

    With ``advance="manual"`` call ``step()`` after ``optimizer.step()``, once per update or once per epoch: the
    schedule's time is whatever it is called for. With ``advance="optimizer"`` it moves by itself, once for every update
    the optimizer really makes, so that the order cannot be wrong; a call of ``step()`` then does nothing, and says so
    once. ``run`` resolves durations such as ``"30ep"``. By hand, a first ``step()`` before any update is warned about.

    A torch ``LRScheduler``: trainers take it as it is. Raises :class:`~glideslope.ScheduleError` for an optimizer or a
    schedule that is none, another ``advance``, and durations without a run.

    >>> import torch, glideslope as gs
    >>> from glideslope.torch import Scheduler
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = Scheduler(optimizer, gs.MultiStepDecay([2], gamma=0.1))
    >>> for epoch in range(3):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.05]
    """

    base_lrs: list[float]  # type: ignore[assignment]

    def __init__(
        self, optimizer: Optimizer, schedule: Schedule, *, advance: str = "manual", run: Run | None = None
    ) -> None:
        # torch's constructor replaces optimizer.step, so it is not called; these are the attributes it would set.
        self.optimizer = optimizer_of("Scheduler", optimizer)
        if not isinstance(schedule, Schedule):
            raise ScheduleError.about(
                "Scheduler: `schedule`",
                "be a glideslope schedule",
                schedule,
                "Read text with glideslope.parse(...) first.",
            )
        self.advance: str = check_value("Scheduler", "advance", OneOf(("manual", "optimizer")), advance)
        if advance == "optimizer" and not countable(optimizer):
            must = "be one whose updates torch can tell of; its class does not call Optimizer.__init__"
            raise ScheduleError(f'Scheduler: `optimizer` must {must}. Take advance="manual".')
        self.schedule = schedule if run is None else schedule.resolve(run)
        factor = self.schedule(0)  # refuses durations that no run has resolved before anything is written
        self.last_epoch = 0
        self._step_count = 1
        self._said: set[str] = set()
        self.base_lrs = base_lrs(optimizer.param_groups)
        say_what_was_left("Scheduler", optimizer, self.base_lrs)
        self._write(factor)
        self._attend(first=True)

    def _attend(self, first: bool) -> None:
        """Follow the optimizer's updates, or look whether the calls of step() do."""
        self._guard: Guard | None = None
        if self.advance == "optimizer":
            on_update(self.optimizer, self, Scheduler._advance)
        else:
            self._guard = Guard(self.optimizer, self.last_epoch, first)

    def step(self, metric: object = None) -> None:
        """Move one step on; call it after ``optimizer.step()``. A metric has no use here yet, which is said once."""
        if metric is not None:
            self._say_once("Scheduler.step() got a metric, but nothing here follows one; it was not used.")
        if self.advance == "optimizer":
            self._say_once('Scheduler(advance="optimizer") moves by itself: this call of step() changed nothing.')
            return
        self._advance()
        if self._guard is not None and self.last_epoch >= self._guard.at:
            self._guard.look("Scheduler", self.last_epoch)

    def _initial_step(self) -> None:
        """Begin at the step after ``last_epoch``; torch's SequentialLR calls this on its first child."""
        self._step_count = 1
        self._update_lr(self.last_epoch + 1)

    def _update_lr(self, epoch: int | None = None) -> None:
        """Write the lr of any step; torch's SequentialLR calls this at a milestone."""
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        if self._guard is not None:
            self._guard.restart(self.last_epoch)
        self._write(self.schedule(self.last_epoch))

    def _advance(self) -> None:
        self.last_epoch += 1
        self._step_count += 1
        self._write(self.schedule(self.last_epoch))

    def _write(self, factor: float) -> None:
        groups = self.optimizer.param_groups
        if len(self.base_lrs) < len(groups):  # a group added later joins at the run's position
            self.base_lrs += base_lrs(groups[len(self.base_lrs) :])
        for group, base in zip(groups, self.base_lrs, strict=False):
            if type(group["lr"]) is float:
                group["lr"] = base * factor
            else:
                write(group, base * factor)

    def _say_once(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            say(message)

    def get_lr(self) -> list[float]:  # type: ignore[override]
        """Return the lr of every group at the present step: pure in ``last_epoch``, safe to call at any time."""
        factor = self.schedule(self.last_epoch)
        return [base * factor for base in self.base_lrs]

    def get_last_lr(self) -> list[float]:  # type: ignore[override]
        """Return the lr last written to every group, as a new list of floats."""
        return self.get_lr()

    @property
    def _last_lr(self) -> list[float]:  # type: ignore[override]  # what torch keeps under this name
        return self.get_lr()

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers and text; it names its schedule."""
        return {
            "schedule": repr(self.schedule),
            "last_epoch": self.last_epoch,
            "base_lrs": list(self.base_lrs),
            "_step_count": self._step_count,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where a :meth:`state_dict` was taken, and write the lr of that step into the optimizer.

        The argument is not changed; loading twice is loading once; building, loading the optimizer and loading this may
        come in any order. Raises :class:`~glideslope.ScheduleError`, and changes nothing, when the state was made by
        another schedule (with the first step at which they differ) or for another number of groups.
        """
        where = "Scheduler.load_state_dict"
        state = state_of(where, state_dict, len(self.optimizer.param_groups), {**COUNTERS, "last_epoch": Whole(ge=0)})
        text = state_dict.get("schedule", "")
        theirs = self.schedule if text == repr(self.schedule) else parse(text)
        if theirs != self.schedule:
            raise ScheduleError(
                f"{where}: the checkpoint must be of the same schedule; it was made with {theirs!r}, "
                f"and this scheduler has {self.schedule!r}: {first_difference(theirs, self.schedule)}."
            )
        self.last_epoch, self._step_count = state["last_epoch"], state["_step_count"]
        self.base_lrs = list(state["base_lrs"])
        if self._guard is not None:
            self._guard = Guard(self.optimizer, self.last_epoch, first=False)  # what comes next is no first step
        self._write(self.schedule(self.last_epoch))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_guard": self._guard is not None and self._guard.pending}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._attend(first=state["_guard"])  # copies of an optimizer come without hooks
