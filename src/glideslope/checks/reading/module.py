"""What the rules ask of a script that has been read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..diagnostic import Edit
from ..rule import Finding
from .conditions import exclude
from .events import Event
from .interpreter import Interpreter
from .lightning import Handed, lightning
from .loops import Loop
from .metrics import stands_for
from .text import Text, num, words
from .torch_names import PARAMETERS
from .values import BATCHES, Batches, Const, Scheduler, Unknown, Value, is_optimizer, options

_PLAIN = frozenset((
    "lr", "learning", "rate", "sched", "scheds", "scheduler", "schedulers", "schedule", "schedules", "optim", "opt",
    "optimizer", "optimizers", "optims", "opts", "train", "training", "warmup", "warm", "up", "cosine", "step",
    "plateau", "epoch", "main", "base", "my", "the", "after", "current", "cur", "new"
))  # fmt: skip
"""Words that say of a scheduler that it is one of the rate, and not which."""
_WHICH = frozenset((
    "g", "d", "gen", "dis", "disc", "generator", "discriminator", "critic", "actor", "policy", "value", "a", "b",
    "c", "f", "h", "s", "t", "adv", "1", "2", "3", "encoder", "decoder", "enc", "dec", "backbone", "head", "cls",
    "classifier", "student", "model", "net", "netg", "netd", "emb", "unet", "vae", "text", "pretrain", "finetune"
))  # fmt: skip
"""Words that say which."""
_HOLDERS = frozenset(
    ("self", "cls", "trainer", "state", "engine", "learner", "runner", "agent", "model", "module", "args")
)


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
    where: str
    whole: bool
    uncut: bool = True


class Module:
    """One script: its text, and what happens in it."""

    def __init__(self, text: Text, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.reading = Interpreter(tree)
        self.reading.run()
        self.complete = self.reading.budget > 0
        self.events = self.reading.events
        self.schedulers = self.reading.schedulers
        self._by_value: dict[int, list[Event]] = {}
        self._by_call: dict[ast.AST, list[Value]] = {}
        for event in self.events:
            self._by_call.setdefault(event.node, []).append(event.value)
            if event.kind == "step":
                self._by_value.setdefault(id(event.value), []).append(event)

    @cached_property
    def lightning(self) -> list[Handed]:
        """Schedulers that ``configure_optimizers`` gives to Lightning."""
        return lightning(self.reading)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {child: node for node in self.reading.survey.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def _steps(self) -> list[Event]:
        return [event for event in self.events if event.kind == "step"]

    @cached_property
    def order(self) -> dict[Event, int]:
        """The place of each event in the order of reading."""
        return {event: index for index, event in enumerate(self.events)}

    def at(self, node: ast.AST, message: str, hint: str = "", edits: tuple[Edit, ...] = ()) -> Finding:
        """Return a finding at a node."""
        line, column, _, _ = self.text.place(node)
        return Finding(message, hint, line, column + 1, edits)

    def line(self, node: ast.AST) -> int:
        """Return the line of a node."""
        return int(getattr(node, "lineno", 1))

    # ------------------------------------------------------------------ who is who

    def steps(self) -> Iterator[Event]:
        """Every call of a method ``step``."""
        return iter(self._steps)

    def is_scheduler(self, value: Value) -> bool:
        """A scheduler, or something out of sight that the script calls one."""
        return isinstance(value, Scheduler) or self.is_presumed(value)

    def is_presumed(self, value: Value) -> bool:
        """Something out of sight that the script calls a scheduler, and that is no other kind of scheduler."""
        if not isinstance(value, Unknown) or value.drives:
            return False
        if value.origin == "call" and "sched" not in value.source.rpartition(".")[2].lower():
            return False
        if value.origin == "call" and value.source.rpartition(".")[2][:1].isupper():
            return False
        if value.holder and value.holder not in _HOLDERS:
            return False
        if value.origin == "parameter" and value.source and value.source not in _SCHEDULERS:
            return False
        found = set(words(value.name))
        return any(word.startswith("sched") for word in found) and found <= _PLAIN | _WHICH

    def drives(self, scheduler: Value, optimizer: Value) -> bool:
        """Whether the scheduler sets the rate of this optimizer, as far as the text says."""
        if isinstance(scheduler, Scheduler):
            return any(each is optimizer for each in options(scheduler.optimizer))
        return is_optimizer(optimizer) and _may_belong(scheduler, optimizer)

    def steps_of(self, scheduler: Value) -> list[Event]:
        """Every step of a scheduler."""
        return self._by_value.get(id(scheduler), [])

    def at_call(self, node: ast.AST) -> list[Value]:
        """Everything that may be stepped by one call."""
        return self._by_call.get(node, [])

    def only(self, event: Event, name: str) -> bool:
        """Whether the call steps schedulers of this class and nothing else."""
        return all(isinstance(each, Scheduler) and each.name == name for each in self.at_call(event.node))

    def may_be_plateau(self, event: Event) -> bool:
        """Whether the call may step something to which a number means a metric, or something out of sight."""
        values = self.at_call(event.node)
        return any(
            not isinstance(each, Scheduler) or not each.path or each.name == "ReduceLROnPlateau" for each in values
        )

    @cached_property
    def _written(self) -> dict[str, list[ast.Assign | ast.AnnAssign | ast.AugAssign]]:
        """Where a name, or an attribute of this name, is written alone."""
        found: dict[str, list[ast.Assign | ast.AnnAssign | ast.AugAssign]] = {}
        for node in self.reading.survey.nodes:
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, (ast.Name, ast.Attribute)):
                        name = target.id if isinstance(target, ast.Name) else target.attr
                        found.setdefault(name, []).append(node)
        return found

    def assigned(self, name: str, added: bool = False) -> list[ast.expr]:
        """Return everything that is assigned to a name alone, or added to it."""
        nodes = self._written.get(name, [])
        return [each.value for each in nodes if isinstance(each, ast.AugAssign) == added and each.value is not None]

    def direction(self, name: str) -> str | None:
        """Return "min" for a metric that falls when training goes well, "max" for one that rises, None for others."""
        return stands_for(name, self.assigned(name), self.assigned(name, added=True))

    def is_dispatched(self, event: Event) -> bool:
        """Whether a condition decides if the scheduler is stepped with an argument or without one."""
        return bool(event.guards) and any(
            bool(_given(each)) != bool(_given(event)) for each in self.steps_of(event.value) if each is not event
        )

    @cached_property
    def unread_steps(self) -> bool:
        """Whether a ``step`` is mentioned of which it is not known what it belongs to."""
        read = {getattr(event.node, "func", None) for event in self.events if event.kind == "step"}
        read |= {getattr(node, "func", None) for node in self.reading.resolved}
        read |= {node.value for node in self.reading.survey.nodes if isinstance(node, ast.Expr)}  # it does nothing
        return any(
            isinstance(node, ast.Attribute) and node.attr == "step" and node not in read for node in ast.walk(self.tree)
        )

    # ------------------------------------------------------------------ how it moves

    def advance(self, scheduler: Scheduler) -> Advance | None:
        """Return how a scheduler moves, or None where the text does not settle it."""
        if scheduler.handed_over or scheduler.adjusted or scheduler.inside or not self.complete:
            return None
        if scheduler.outlives or scheduler.many:
            return None
        depth = len(scheduler.loops)
        events = [each for each in self.steps_of(scheduler) if each.loops[:depth] == scheduler.loops]
        events = [each for each in events if len(each.loops) > depth]
        if not events or len(events) != len(self.steps_of(scheduler)) or len({each.loops for each in events}) > 1:
            return None
        event = events[0]
        if len(events) > 1:
            return None
        every = self._every(event)
        if every is None or any(
            isinstance(each, Scheduler) and not exclude(scheduler.guards, each.guards) for each in event.others
        ):
            return None
        loops = event.loops[depth:]
        inner = [
            each
            for each in self.events
            if each.kind in ("step", "handover")
            and self.drives(scheduler, each.value)
            and each.loops[: len(event.loops)] == event.loops
        ]
        here = [each for each in inner if each.kind == "step" and each.loops == event.loops]
        deeper = [each for each in inner if each.kind == "step" and len(each.loops) > len(event.loops)]
        if loops[-1].over_batches and not deeper:
            per = "batch"
        elif any(loop.over_batches for loop in loops):
            return None
        elif here:
            per = "step"
        elif any(loop.over_batches for each in deeper for loop in each.loops[len(event.loops) :]):
            per = "epoch"
        elif inner and not deeper and loops[-1].over_epochs:
            per = "epoch"  # a function out of sight gets the optimizer, once an epoch
        elif deeper:
            per = "step"
        else:
            return None
        return Advance(event, per, loops, every)

    def is_epoch(self, event: Event) -> str:
        """Return the name of the function of one epoch that the event belongs to and nothing in the text calls."""
        function = self.reading.roots.get(event.root)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return ""
        given = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        return function.name if "epoch" in words(function.name) or "epoch" in given else ""

    @cached_property
    def trains(self) -> bool:
        """Whether a gradient is computed in the text; where none is, a loop may only show what a schedule does."""
        return any("backward" in name for name in self.reading.survey.used)

    def runs(self) -> Iterator[Run]:
        """Yield every scheduler whose steps in training can be counted."""
        for each in self.schedulers:
            moves = None if each.prepared else self.advance(each)
            if moves is not None and moves.turns is not None and (moves.per != "step" or self.trains):
                yield Run(each, moves.turns, self._where(moves, moves.turns), moves.whole, moves.uncut)
        whole = "EarlyStopping" not in self.reading.survey.used
        for handed in self.lightning:
            if handed.interval == "epoch" and handed.frequency == 1 and handed.epochs is not None:
                where = f"the `Trainer` has {num(handed.epochs)} epochs"
                yield Run(handed.scheduler, handed.epochs, where, whole)

    def _where(self, moves: Advance, turns: float) -> str:
        """Say where a number of turns comes from."""
        unit = "epochs" if moves.per == "epoch" else "turns"
        default = " by default" if any(loop.by_default for loop in moves.loops) else ""
        lines = [str(self.line(loop.node)) for loop in moves.loops]
        if len(lines) == 1:
            return f"the loop of line {lines[0]} has {num(turns)} {unit}{default}"
        return f"the loops of lines {' and '.join(lines)} have {num(turns)} {unit}{default} together"

    def _every(self, event: Event) -> float | None:
        """Turns for one step: 1, or n under ``if i % n == 0``; None where it cannot be said."""
        every = 1.0
        for guard in event.guards:
            if guard.once:
                continue
            if guard.every is None:
                return None
            every *= guard.every
        return every


_SCHEDULERS = frozenset(("LRScheduler", "_LRScheduler", *PARAMETERS))


def _may_belong(scheduler: Value, optimizer: Value) -> bool:
    """Whether two names may be a pair: ``scheduler_g`` is not of ``optimizer_d``."""
    mine, theirs = (
        set(words(getattr(each, "name", ""))) - _PLAIN if isinstance(each, Unknown) else set()
        for each in (scheduler, optimizer)
    )
    return not mine or not theirs or mine == theirs


def is_batches(value: Value | None) -> bool:
    """Whether a number is counted in batches of a loader."""
    if isinstance(value, Unknown):
        return value.name in BATCHES
    return isinstance(value, Batches)


def _given(event: Event) -> bool:
    return bool(getattr(event.node, "args", ()) or getattr(event.node, "keywords", ()))


def is_const(value: Value | None, what: object) -> bool:
    """Whether the value is this literal."""
    return isinstance(value, Const) and value.value == what
