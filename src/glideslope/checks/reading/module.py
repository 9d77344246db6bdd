"""What the rules ask of a script that has been read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from ..diagnostic import Edit
from ..rule import Finding
from .events import Event
from .interpreter import Interpreter
from .lightning import Handed, forgotten, lightning
from .metrics import stands_for
from .naming import is_other_kind, is_presumed, may_belong
from .text import Text, words
from .values import BATCHES, Batches, Const, Ref, Scheduler, Unknown, Value, is_optimizer, options


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
        self._directions: dict[str, str | None] = {}
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
    def forgotten(self) -> list[Scheduler]:
        """Schedulers that ``configure_optimizers`` builds and gives to nobody."""
        return forgotten(self.reading)

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
        """Whether it is out of sight and called a scheduler, in a script that has no other kind of them."""
        return not self._has_other_kinds and is_presumed(value)

    @cached_property
    def _has_other_kinds(self) -> bool:
        """Whether the script imports classes of schedulers that are not torch's."""
        refs = (each for each in self.reading.module.names.values() if isinstance(each, Ref))
        return any(is_other_kind(each.path) for each in refs)

    def drives(self, scheduler: Value, optimizer: Value) -> bool:
        """Whether the scheduler sets the rate of this optimizer, as far as the text says."""
        if isinstance(scheduler, Scheduler):
            return any(each is optimizer for each in options(scheduler.optimizer))
        return is_optimizer(optimizer) and may_belong(scheduler, optimizer)

    def steps_of(self, scheduler: Value) -> list[Event]:
        """Every step of a scheduler."""
        return self._by_value.get(id(scheduler), [])

    def is_loaded(self, scheduler: Value) -> bool:
        """Whether a checkpoint is loaded into it."""
        return any(event.value is scheduler and event.kind == "load" for event in self.events)

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
        if name not in self._directions:
            self._directions[name] = self._direction(name)
        return self._directions[name]

    def _direction(self, name: str) -> str | None:
        added = self.assigned(name, added=True)
        if "acc" in words(name):  # what one accumulator is, the others are
            added = [value for other in self._written if "acc" in words(other) for value in self.assigned(other, True)]
        return stands_for(name, self.assigned(name), added)

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
