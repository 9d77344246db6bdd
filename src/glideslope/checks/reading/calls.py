"""A call: whatever is called gets its arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .arguments import arguments
from .methods import apply, method, super_
from .out_of_sight import unseen
from .values import (
    Value,
    one_of,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def call(to: Interpreter, node: ast.Call) -> Value:
    """Read a call and return what it gives."""
    func = node.func
    if isinstance(func, ast.Attribute):
        if isinstance(func.value, ast.Call) and isinstance(func.value.func, ast.Name) and func.value.func.id == "super":
            return super_(to, func.attr, arguments(to, node))
        owners = options(to.eval(func.value))
        it = arguments(to, node)
        if not owners:
            return unseen(to, "", it)
        return one_of(*(method(to, owner, func.attr, it) for owner in _each(to, owners)))
    targets = options(to.eval(func))
    it = arguments(to, node)
    if not targets:
        return unseen(to, "", it)
    return one_of(*(apply(to, target, it) for target in _each(to, targets)))


def _each(to: Interpreter, owners: tuple[Value, ...]) -> Iterator[Value]:
    """Each of the things that a call may speak to, with the others known."""
    outer = to.others
    for one in owners:
        to.others = tuple(each for each in owners if each is not one)
        yield one
    to.others = outer
