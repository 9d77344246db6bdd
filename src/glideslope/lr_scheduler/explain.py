"""explain: a live scheduler in words. Where it is, what comes next, and what is wrong."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

from torch.optim.lr_scheduler import LRScheduler

from .._check import ScheduleError
from ..checks import Diagnostic, check
from ..clock import Run
from ..plateau import Plateau, Progress
from ..schedule import Schedule
from ..torch import Scheduler
from ..torch._updates import Updates, countable
from ._node import Node
from .reduce_lr_on_plateau import ReduceLROnPlateau

AHEAD = 3
"""Changes of a staircase that are told."""
FAR = 10**6
"""Steps ahead within which the changes of a staircase without an end are looked for."""


@final
@dataclass(frozen=True)
class Course:
    """Param groups that are driven alike: ``lr = base * schedule(step)``, and the (step, lr) that come ``next``.

    Where there is no such ``schedule`` it is None, ``by`` says what decides, and ``next`` is empty.
    """

    groups: tuple[int, ...]
    lr: float
    base: float
    schedule: Schedule | None
    next: tuple[tuple[int, float], ...]
    by: str = "by a schedule"


@final
@dataclass(frozen=True)
class Explanation:
    """What :func:`explain` found; printed, it is a few lines of text.

    ``step`` counts the steps taken, in ``unit``; ``updates`` those of the optimizer since its first scheduler was
    built, None where they cannot be counted. ``wrong`` is what was noticed on the way, and what the checks say of the
    schedule in the run, if that is known. ``notes``: what a metric has decided, and what was changed by hand.
    """

    name: str
    step: float
    unit: str
    updates: int | None
    courses: tuple[Course, ...]
    notes: tuple[str, ...]
    wrong: tuple[Diagnostic, ...]

    def __str__(self) -> str:
        seen = "" if self.updates is None else f", after {_many(self.updates, 'update')} of the optimizer"
        lines = [f"{self.name} at {self.unit} {_count(self.step)}{seen}"]
        for course in self.courses:
            which = ""
            if len(self.courses) > 1:
                which = f" (param group{'s' * (len(course.groups) > 1)} {', '.join(map(str, course.groups))})"
            formula = f" = {course.base:.6g} * {course.schedule!r}" if course.schedule else f", {course.by}"
            lines.append(f"  lr     {course.lr:.6g}{formula}{which}")
            if course.schedule is not None:
                ahead = ", ".join(f"{lr:.6g} at {self.unit} {_count(step)}" for step, lr in course.next)
                lines.append(f"  next   {ahead or 'nothing: it stays there'}")
        lines += [f"  note   {each}" for each in self.notes]
        lines += [f"  wrong  {each}" for each in self.wrong] or ["  wrong  nothing that was seen"]
        return "\n".join(lines)


def explain(scheduler: object, run: Run | None = None) -> Explanation:
    """Say of a live scheduler where it is, what comes next, and what is wrong with it.

    ``run`` says how long the training is, for the checks; a :class:`~glideslope.torch.Scheduler` may know it itself.
    Nothing is stepped or changed. Raises :class:`~glideslope.ScheduleError` for what is no scheduler of glideslope.

    >>> import torch
    >>> from glideslope.lr_scheduler import StepLR, explain
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    >>> scheduler = StepLR(optimizer, step_size=30)
    >>> for epoch in range(12):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> print(explain(scheduler))
    StepLR at step 12, after 12 updates of the optimizer
      lr     0.1 = 0.1 * StepDecay(30, gamma=0.1)
      next   0.01 at step 30, 0.001 at step 60, 0.0001 at step 90
      wrong  nothing that was seen
    """
    if not isinstance(scheduler, (Scheduler, Node)):
        hint = "Turn torch's own into ours first: from_torch(scheduler)." if isinstance(scheduler, LRScheduler) else ""
        raise ScheduleError.about("explain: `scheduler`", "be a scheduler of glideslope", scheduler, hint)
    if not (run is None or isinstance(run, Run)):
        raise ScheduleError.about("explain: `run`", "be a glideslope.Run, such as Run(epochs=90)", run)
    run = scheduler.run if run is None and isinstance(scheduler, Scheduler) else run
    t = scheduler._time if isinstance(scheduler, Scheduler) else scheduler.last_epoch
    optimizer, courses = scheduler.optimizer, tuple(_courses(scheduler, t, run))
    found = list(Updates.of(optimizer).said)
    for schedule in dict.fromkeys(course.schedule for course in courses):
        if run is not None and schedule is not None:
            found += check(schedule, run)
    return Explanation(
        type(scheduler).__name__,
        t,
        "step" if run is None else run.unit,
        Updates.of(optimizer).count if countable(optimizer) else None,
        courses,
        tuple(_notes(scheduler, courses, t)),
        tuple(dict.fromkeys(found)),
    )


def _courses(scheduler: Any, t: float, run: Run | None) -> list[Course]:
    """The groups of the optimizer, those together that are driven alike."""
    groups = scheduler.optimizer.param_groups
    schedules = _schedules(scheduler, len(groups))
    if isinstance(scheduler, Scheduler):
        starts = scheduler._roster.starts
        bases = [base * scheduler._metric.factor for base in scheduler.base_lrs]
    else:
        starts, bases = [0] * len(groups), scheduler._reference
    by = "by a schedule"
    if None in schedules:
        by = "not scheduled" if isinstance(scheduler, Scheduler) else "by a function"
        by = "by a metric" if _plateaus(scheduler) and not isinstance(scheduler, Scheduler) else by
    found: dict[Any, Course] = {}
    for i, (group, schedule, base, start) in enumerate(zip(groups, schedules, bases, starts, strict=False)):
        lr = float(group["lr"])
        ahead = () if schedule is None else tuple(_ahead(schedule, base, max(t, 0) - start, start, run))
        key = lr, base, schedule, start
        together = found[key].groups if key in found else ()
        found[key] = Course((*together, i), lr, base, schedule, ahead, by if schedule is None else Course.by)
    return list(found.values())


def _schedules(scheduler: Any, groups: int) -> Sequence[Schedule | None]:
    try:
        return scheduler.schedules  # type: ignore[no-any-return]
    except ScheduleError:
        return [None] * groups


def _ahead(schedule: Schedule, base: float, t: float, start: int, run: Run | None) -> list[tuple[int, float]]:
    """What comes after a time: the next changes of a staircase, or where a curve is next and at its end."""
    now, horizon = max(int(t), 0), schedule.horizon
    last = None if run is None else run.total_steps - 1 - start
    ends = [each for each in (horizon, last) if each is not None]
    end = min(ends) if ends else None
    if end is not None and now >= end:
        return []
    steps = schedule.changes(now + 1, (now + FAR if end is None else end) + 1)
    if steps is None:
        steps = tuple(dict.fromkeys([now + 1, *([] if end is None else [end])]))
    return [(step + start, base * schedule(step)) for step in steps[:AHEAD]]


def _notes(scheduler: Any, courses: Sequence[Course], t: float) -> list[str]:
    """What the schedules do not say: plateaus, changes by hand, an lr that is not theirs."""
    out = []
    for plateau, progress in _plateaus(scheduler):
        best = "no metric yet" if progress.best in (None, math.inf, -math.inf) else f"best metric {progress.best:.6g}"
        bad = f"{_many(progress.num_bad, 'metric')} in a row no better; at {plateau.patience + 1} the lr is reduced"
        out.append(f"a plateau waits: {best}, {bad}")
    if isinstance(scheduler, Scheduler):
        for record in scheduler.history:
            reason = f" (metric {record['reason']})" if "reason" in record else ""
            out.append(f"{record['what']} at step {_count(record['step'])}{reason}")
        return out
    for course in courses:
        planned = course.lr if course.schedule is None else course.base * course.schedule(max(t, 0))
        if not math.isclose(planned, course.lr, rel_tol=1e-5, abs_tol=1e-12):
            which = ", ".join(map(str, course.groups))
            out.append(f"something else has changed the lr of group {which}: it would be {planned:.6g}")
    return out


def _plateaus(scheduler: Any) -> list[tuple[Plateau, Progress]]:
    """Every plateau at work, and where it stands."""
    if isinstance(scheduler, Scheduler):
        return [] if scheduler.plateau is None else [(scheduler.plateau, scheduler._metric.progress)]
    if isinstance(scheduler, ReduceLROnPlateau):
        return [(scheduler._plateau, Progress(scheduler.best, scheduler.num_bad_epochs, scheduler.cooldown_counter))]
    return [found for each in getattr(scheduler, "_schedulers", ()) for found in _plateaus(each)]


def _count(number: float) -> str:
    """A number for reading: 10 000."""
    return f"{number:,.6g}".replace(",", " ") if isinstance(number, float) else f"{number:,}".replace(",", " ")


def _many(number: int, what: str) -> str:
    return f"{_count(number)} {what}{'s' * (number != 1)}"
