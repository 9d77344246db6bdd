"""What goes into a checkpoint, and what comes out of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .events import Event
from .module import Module
from .text import own_name
from .values import Const, Function, Items, Method, Scheduler, Table, Value, options


def is_restored(module: Module, scheduler: Scheduler) -> bool:
    """Whether the place in the schedule comes back at a resume in some way, or may do so out of sight."""
    if not module.complete or scheduler.handed_over or scheduler.adjusted or scheduler.inside:
        return True
    if scheduler.open or not scheduler.path:
        return True
    for each in module.schedulers:  # this one, or one that takes its place
        if each.args.get("last_epoch", Const(-1)) != Const(-1) and each.optimizer is scheduler.optimizer:
            return True
    given = scheduler.nodes.get("last_epoch")
    if given is not None and any(isinstance(each, (ast.Name, ast.Attribute)) for each in ast.walk(given)):
        return True  # somebody has thought of it
    if scheduler.prepared or module.reading.survey.writes_lr or _knows_the_start(module, scheduler):
        return True
    if scheduler.name in ("ExponentialLR", "MultiplicativeLR") and any(
        event.kind == "load" and any(event.value is each for each in options(scheduler.optimizer))
        for event in module.events
    ):
        return True  # it goes on from the rate in the optimizer
    if any(event.value is scheduler and event.kind in ("load", "replace") for event in module.events):
        return True
    steps = module.steps_of(scheduler)
    deepest = {event.loops[: len(scheduler.loops) + 1] for event in steps}
    return len(deepest) != 1 or any(
        event.args for event in steps
    )  # a loop of its own winds it forward, or an epoch does


def _knows_the_start(module: Module, scheduler: Scheduler) -> bool:
    """Whether an argument has to do with where the loop around its steps begins, or with something of that kind."""
    starts = {name for event in module.steps_of(scheduler) for loop in event.loops for name in _start_names(loop.node)}
    todo, seen = [name for key, node in scheduler.nodes.items() if key != "optimizer" for name in _names(node)], set()
    while todo:
        name = todo.pop()
        if name in starts:
            return True
        if name not in seen:
            seen.add(name)
            todo += [each for value in module.assigned(name) for each in _names(value)]
    value = scheduler.args.get("lr_lambda")
    if isinstance(value, Function) and starts & set(_names(value.node)):
        return True
    function = scheduler.nodes.get("lr_lambda")
    if isinstance(function, ast.Lambda) and function.args.args:
        return function.args.args[0].arg not in _names(function.body)  # it counts by something else
    return False


def _start_names(loop: ast.AST) -> list[str]:
    for each in ast.walk(getattr(loop, "iter", loop)):
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") in ("range", "trange") and len(each.args) > 1:
            return _names(each.args[0])
    return []


def _names(node: ast.AST) -> list[str]:
    """The names and the last attributes in an expression."""
    owners = {each.value for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return [
        own_name(each) for each in ast.walk(node) if isinstance(each, (ast.Attribute, ast.Name)) and each not in owners
    ]


def saves(module: Module, optimizer: Value) -> Iterator[tuple[Event, Table]]:
    """Yield every checkpoint, written out as a dict in a loop, that holds the state of the optimizer."""
    for event in module.events:
        if event.kind == "save" and event.loops:
            for value in options(event.value):
                if isinstance(value, Table) and value.whole and holds(value, optimizer):
                    yield event, value


def holds(table: Table, what: Value) -> bool:
    """Whether a dict holds a value or its state, at any depth."""
    todo = [each for entry in table.entries.values() for each in options(entry)]
    todo += [each for entry in todo if isinstance(entry, Items) for part in entry.values for each in options(part)]
    return any(
        each is what
        or (isinstance(each, Method) and any(one is what for one in options(each.of)))
        or (isinstance(each, Table) and each is not table and holds(each, what))
        for each in todo
    )
