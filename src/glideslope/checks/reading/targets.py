"""Targets of assignments: names, attributes, items."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .configuration import loosen
from .values import (
    Class,
    Const,
    Instance,
    Items,
    Namespace,
    Scheduler,
    Table,
    Unknown,
    Value,
    is_hashable,
    is_tracked,
    one_of,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def store(to: Interpreter, target: ast.expr, value: Value) -> None:
    """Bind the target of an assignment."""
    if isinstance(target, ast.Name):
        to.bind(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(to, target.elts, value)
    elif isinstance(target, ast.Starred):
        store(to, target.value, Unknown("", "expression"))
    elif isinstance(target, ast.Attribute):
        for owner in options(to.eval(target.value)):
            _store_attr(to, owner, target.attr, value, target)
    elif isinstance(target, ast.Subscript):
        _store_item(to, target, value)


def _unpack(to: Interpreter, targets: list[ast.expr], value: Value) -> None:
    ways = [each.values for each in options(value) if isinstance(each, Items)]
    known = bool(ways) and len(ways) == len(options(value)) and all(len(way) == len(targets) for way in ways)
    for index, target in enumerate(targets):
        if known:
            store(to, target, one_of(*(way[index] for way in ways)))
        else:
            origin = "changing" if to.loops or getattr(value, "origin", "") == "changing" else "call"
            store(to, target, Unknown("", origin))


def _store_attr(to: Interpreter, owner: Value, name: str, value: Value, node: ast.expr) -> None:
    if isinstance(value, Unknown) and not value.name:
        value.name = name
    if isinstance(owner, (Instance, Namespace)):
        to.replaced(owner.attrs.get(name), value)
        to.write(owner.attrs, name, value)
    elif isinstance(owner, Class):
        to.write(owner.names, name, value)
    elif isinstance(owner, Unknown):
        to.write(owner.attrs, name, value)
        to.hand_over([value], node)
    elif isinstance(owner, Scheduler):
        owner.adjusted = True
    else:
        to.hand_over([value], node)


def _store_item(to: Interpreter, target: ast.Subscript, value: Value) -> None:
    key = to.eval(target.slice)
    for owner in options(to.eval(target.value)):
        if isinstance(owner, Table) and isinstance(key, Const) and is_hashable(key.value):
            if to.guards and key.value not in owner.entries:
                owner.perhaps.add(key.value)
            owner.entries[key.value] = one_of(owner.entries.get(key.value), value) if to.guards else value
        elif isinstance(owner, Table):
            owner.whole = False
            to.hand_over([value], target)
        elif isinstance(owner, Items) and not any(is_tracked(each) for each in owner.values):
            loosen(to, owner)
        elif isinstance(owner, Namespace) and isinstance(key, Const) and isinstance(key.value, str):
            to.write(owner.attrs, key.value, value)
        else:
            to.hand_over([value], target)
