"""Calls of code that is not in the file."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .arguments import Call
from .configuration import loosen, overrides
from .values import Instance, Namespace, Optimizer, Table, Unknown, Value, is_optimizer, options

if TYPE_CHECKING:
    from .interpreter import Interpreter


_LOADS = re.compile(r"(?i)load|resume|restore")
"""Functions that load the state of an optimizer that they are given."""


def unknown(to: Interpreter, source: str = "") -> Unknown:
    """Return what a call gives that the text does not follow."""
    return Unknown("", "changing" if to.loops else "call", source)


def unseen(to: Interpreter, source: str, it: Call) -> Value:
    """Hand the arguments to code that is not in the file, and return what it gives."""
    wrapped = it.get(0, "optimizer")
    if source.endswith("Optimizer") and isinstance(wrapped, Optimizer):
        return wrapped  # by apex, Horovod and others: their step is that of the one inside
    if _LOADS.search(source.rpartition(".")[2]):
        for each in it.all:
            for value in options(each):
                if is_optimizer(value):
                    to.happen("load", value, it.node)
    if overrides(source) and isinstance(to.statement, ast.Expr) and to.statement.value is it.node:
        for each in it.all:
            if isinstance(each, (Namespace, Table, Instance)):
                loosen(to, each)
    to.hand_over(it.all, it.node)
    return unknown(to, source)
