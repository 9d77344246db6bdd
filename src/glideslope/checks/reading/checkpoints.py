"""What goes into a checkpoint, and what comes out of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .events import Event
from .module import Module
from .values import Const, Method, Scheduler, Table, Value, options


def is_restored(module: Module, scheduler: Scheduler) -> bool:
    """Whether the place in the schedule comes back at a resume in some way, or may do so out of sight."""
    if scheduler.handed_over or scheduler.adjusted or scheduler.open or scheduler.inside or not scheduler.path:
        return True
    for each in module.schedulers:  # this one, or one that takes its place
        if each.args.get("last_epoch", Const(-1)) != Const(-1) and each.optimizer is scheduler.optimizer:
            return True
    given = scheduler.nodes.get("last_epoch")
    if given is not None and any(isinstance(each, (ast.Name, ast.Attribute)) for each in ast.walk(given)):
        return True  # somebody has thought of it
    if any(event.value is scheduler and event.kind in ("load", "replace") for event in module.events):
        return True
    steps = module.steps_of(scheduler)
    deepest = {event.loops[: len(scheduler.loops) + 1] for event in steps}
    return len(deepest) != 1 or any(
        event.args for event in steps
    )  # a loop of its own winds it forward, or an epoch does


def saves(module: Module, optimizer: Value) -> Iterator[tuple[Event, Table]]:
    """Yield every checkpoint, written out as a dict in a loop, that holds the state of the optimizer."""
    for event in module.events:
        if event.kind == "save" and event.loops:
            for value in options(event.value):
                if isinstance(value, Table) and value.whole and holds(value, optimizer):
                    yield event, value


def holds(table: Table, what: Value) -> bool:
    """Whether a dict holds a value or its state, at any depth."""
    for entry in table.entries.values():
        for each in options(entry):
            if each is what or (isinstance(each, Method) and any(one is what for one in options(each.of))):
                return True
            if isinstance(each, Table) and each is not table and holds(each, what):
                return True
    return False
