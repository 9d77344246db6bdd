"""Loops: the body is read once, and what it changes is not known inside it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .arithmetic import binary
from .loops import Loop
from .targets import store
from .values import (
    Const,
    Instance,
    Items,
    Namespace,
    Range,
    Unknown,
    Value,
    is_tracked,
    number,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def for_(to: Interpreter, node: ast.For | ast.AsyncFor) -> bool:
    """Read a loop; one over a few things that the text writes out is read once for each."""
    over = to.eval(node.iter)
    items = over.values if isinstance(over, Items) else None
    if items is not None and 0 < len(items) <= 8 and any(is_tracked(each) for each in items):
        for item in items:
            store(to, node.target, item)
            to.block(node.body)
        return to.block(node.orelse)
    loop = describe(node, over)
    _repeat(to, loop, node.target, node.body)
    return to.block(node.orelse)


def while_(to: Interpreter, node: ast.While) -> bool:
    """Read a loop; how often it turns is known where it counts to a number."""
    to.eval(node.test)
    loop = _counted(to, node)
    _repeat(to, loop, None, node.body)
    return to.block(node.orelse)


def _counted(to: Interpreter, node: ast.While) -> Loop:
    """``while epoch < 90: ...; epoch += 1``, from where the counter is now."""
    test = node.test
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, ast.Name):
        return Loop(node)
    name = test.left.id
    counts = [
        each
        for each in node.body
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name) and each.target.id == name
        and isinstance(each.op, ast.Add) and isinstance(each.value, ast.Constant)
    ]  # fmt: skip
    stored = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    if any(isinstance(each, ast.Name) and each.id in stored for each in ast.walk(test.comparators[0])):
        return Loop(node)
    if len(counts) != 1 or stored.count(name) != 1 or not isinstance(test.ops[0], (ast.Lt, ast.LtE)):
        return Loop(node)
    step, stop = number(to.eval(counts[0].value)), to.eval(test.comparators[0])
    if isinstance(test.ops[0], ast.LtE):
        stop = binary(ast.Add(), stop, Const(1))
    return Loop(node, start=to.eval(test.left), stop=stop, step=step) if step and step > 0 else Loop(node)


def _repeat(to: Interpreter, loop: Loop, target: ast.expr | None, body: list[ast.stmt]) -> None:
    outer = to.loops
    to.loops = (*outer, loop)
    _forget(to, body)
    if target is not None:
        for each in ast.walk(target):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                to.write(to.scope.names, each.id, Unknown(each.id, "changing"))
    to.block(body)
    to.loops = outer


def _forget(to: Interpreter, body: list[ast.stmt]) -> None:
    """A number that the body of a loop changes is not known inside it."""
    for statement in body:
        for each in ast.walk(statement):
            if isinstance(each, (ast.Name, ast.Attribute)) and isinstance(each.ctx, ast.Store):
                names = _place(to, each)
                name = each.id if isinstance(each, ast.Name) else each.attr
                old = names.get(name) if names is not None else None
                if names is not None and isinstance(old, Const) and old != Const(None):
                    to.write(names, name, Unknown(name, "changing"))


def _place(to: Interpreter, node: ast.Name | ast.Attribute) -> dict[str, Value] | None:
    if isinstance(node, ast.Name):
        return to.home(node.id)
    if isinstance(node.value, ast.Name):
        owner = to.scope.names.get(node.value.id)
        if isinstance(owner, (Instance, Namespace)):
            return owner.attrs
    return None


def describe(node: ast.For | ast.AsyncFor, over: Value) -> Loop:
    """Return a loop over this."""
    found = options(over)
    first = found[0] if found else over
    if isinstance(first, Range):
        return Loop(node, start=first.start, stop=first.stop, step=first.step)
    return Loop(node, over=first)
