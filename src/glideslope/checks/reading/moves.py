"""How schedulers move: once for what, and how often in a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .conditions import exclude
from .events import Event
from .loops import Loop
from .module import Module
from .text import num
from .values import Scheduler


@dataclass(frozen=True)
class Advance:
    """How a scheduler moves: where, once for what, and how often in a fresh run."""

    event: Event
    per: str  # "epoch", "batch" (of a loader), "step" (of some other loop)
    loops: tuple[Loop, ...]  # around the step and not around the construction
    every: float | None  # batches for one step; None where a condition cannot be read

    @property
    def turns(self) -> float | None:
        """How often it steps, where plain numbers say so."""
        total = 1.0
        for loop in self.loops:
            turns = loop.turns
            if turns is None:
                return None
            total *= turns
        return total if self.every == 1 else None

    @property
    def epochs(self) -> float | None:
        """Turns of the loops around the loop over batches."""
        total = 1.0
        for loop in self.loops[:-1]:
            if loop.turns is None:
                return None
            total *= loop.turns
        return total

    @property
    def loop(self) -> Loop:
        """The innermost loop around the step."""
        return self.loops[-1]

    @property
    def whole(self) -> bool:
        """Whether nothing in the text ends the loops early."""
        return not any(loop.exits for loop in self.loops)

    @property
    def uncut(self) -> bool:
        """Whether the loops are meant to go to their ends, unless something unforeseen ends them."""
        return not any(loop.is_cut for loop in self.loops)


@dataclass(frozen=True)
class Run:
    """How often a scheduler is stepped at most, and where that is said.

    ``whole``: nothing ends the run early. ``uncut``: at least not at some count.
    """

    scheduler: Scheduler
    turns: float
    per: str
    where: str
    whole: bool
    uncut: bool = True


def advance(module: Module, scheduler: Scheduler) -> Advance | None:
    """Return how a scheduler moves, or None where the text does not settle it."""
    steps = module.steps_of(scheduler)
    if not module.complete or len(steps) != 1:
        return None
    if scheduler.handed_over or scheduler.adjusted or scheduler.inside or scheduler.outlives or scheduler.many:
        return None
    event, depth = steps[0], len(scheduler.loops)
    if len(event.loops) <= depth or event.loops[:depth] != scheduler.loops:
        return None
    every, per = _every(event), _per(module, scheduler, event)
    if every is None or per is None or _is_one_of_several(scheduler, event):
        return None
    return Advance(event, per, event.loops[depth:], every)


def _per(module: Module, scheduler: Scheduler, event: Event) -> str | None:
    """Once for what: by where the optimizer is stepped."""
    inner = [
        each
        for each in module.events
        if each.kind in ("step", "handover")
        and module.drives(scheduler, each.value)
        and each.loops[: len(event.loops)] == event.loops
    ]
    updates = [each for each in inner if each.kind == "step"]
    deeper = [each for each in updates if len(each.loops) > len(event.loops)]
    loops = event.loops[len(scheduler.loops) :]
    if loops[-1].over_batches and not deeper:
        return "batch"
    if any(loop.over_batches for loop in loops):
        return None
    if len(updates) > len(deeper):
        return "step"
    if any(loop.over_batches for each in deeper for loop in each.loops[len(event.loops) :]):
        return "epoch"
    if deeper:
        return "step"
    return "epoch" if inner and loops[-1].over_epochs else None  # the optimizer goes out of sight, once an epoch


def _is_one_of_several(scheduler: Scheduler, event: Event) -> bool:
    """Whether the call steps this scheduler in some turns and another one in others."""
    others = (each for each in event.others if isinstance(each, Scheduler))
    return any(not exclude(scheduler.guards, each.guards) for each in others)


def micro_batches(module: Module, event: Event) -> tuple[Event, float] | None:
    """Return the update of the optimizer, and how many steps of the scheduler go with it, where that is several."""
    here = [each for each in module.steps() if each.loops == event.loops and not module.is_scheduler(each.value)]
    updates = [each for each in here if module.drives(event.value, each.value)]
    if len(updates) != 1 or any(each.node is not updates[0].node for each in here):
        return None  # two optimizers in turn
    every = [guard.every for guard in updates[0].guards if not guard.once and guard not in event.guards]
    return (updates[0], every[0]) if len(every) == 1 and every[0] is not None and every[0] > 1 else None


def runs(module: Module) -> Iterator[Run]:
    """Yield every scheduler whose steps in training can be counted."""
    for each in module.schedulers:
        moves = None if each.prepared else advance(module, each)
        if moves is None or moves.turns is None or (moves.per == "step" and not module.trains):
            continue
        if module.is_loaded(each) and not any(loop.resumes for loop in moves.loops):
            continue  # a run of several parts
        where = _where(module, moves, moves.turns)
        yield Run(each, moves.turns, moves.per, where, moves.whole, moves.uncut)
    whole = "EarlyStopping" not in module.reading.survey.used
    for handed in module.lightning:
        if handed.interval == "epoch" and handed.frequency == 1 and handed.epochs is not None:
            where = f"the `Trainer` has {num(handed.epochs)} epochs"
            yield Run(handed.scheduler, handed.epochs, "epoch", where, whole)


def _where(module: Module, moves: Advance, turns: float) -> str:
    """Say where a number of turns comes from."""
    unit = "epochs" if moves.per == "epoch" else "turns"
    default = " by default" if any(loop.by_default for loop in moves.loops) else ""
    lines = [str(module.line(loop.node)) for loop in moves.loops]
    if len(lines) == 1:
        return f"the loop of line {lines[0]} has {num(turns)} {unit}{default}"
    return f"the loops of lines {' and '.join(lines)} have {num(turns)} {unit}{default} together"


def _every(event: Event) -> float | None:
    """Turns for one step: 1, or n under ``if i % n == 0``; None where it cannot be said."""
    every = 1.0
    for guard in event.guards:
        if guard.once:
            continue
        if guard.every is None:
            return None
        every *= guard.every
    return every
