"""Simple arithmetic on what the text says: numbers, and numbers of batches."""

from __future__ import annotations

import ast
import operator
from typing import Any

from .values import Batches, Choice, Const, Items, Unknown, Value, number, one_of

LONGEST = 1000
"""Things in a list that are followed."""

_OPERATORS: dict[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def binary(op: ast.operator, left: Value, right: Value) -> Value:
    """Return ``left op right``."""
    if isinstance(left, Choice) and isinstance(right, Const):
        return one_of(*(binary(op, each, right) for each in left.options))
    if isinstance(left, Items) and isinstance(right, Items) and isinstance(op, ast.Add):
        if len(left.values) + len(right.values) > LONGEST:
            return Unknown("", "expression")
        return Items([*left.values, *right.values])
    a, b = number(left), number(right)
    if a is not None and b is not None:
        option = any(isinstance(each, Const) and each.option for each in (left, right))
        return _compute(op, a, b, option)
    if isinstance(op, (ast.Mult, ast.Div, ast.FloorDiv)):
        if isinstance(left, Batches):
            return _scale(op, left, right, b)
        if isinstance(right, Batches) and isinstance(op, ast.Mult):
            return _scale(op, right, left, a)
    if isinstance(op, (ast.Add, ast.Sub)) and isinstance(left, Batches):
        return Batches(left.loader, left.name, None)
    return Unknown("", "changing" if _changes(left) or _changes(right) else "expression")


def _scale(op: ast.operator, batches: Batches, other: Value, by: float | None) -> Value:
    if isinstance(other, Batches) and not isinstance(op, ast.Mult):
        return Unknown("", "expression")
    if by is None or batches.factor is None:
        return Batches(batches.loader, batches.name, None)
    if isinstance(op, ast.Mult):
        return Batches(batches.loader, batches.name, batches.factor * by)
    return Batches(batches.loader, batches.name, batches.factor / by) if by else Unknown("", "expression")


def _compute(op: ast.operator, a: float, b: float, option: bool) -> Value:
    try:
        if isinstance(op, ast.Pow) and abs(b) <= 64 and abs(a) <= 1e9:
            return Const(a**b, option)
        if type(op) in _OPERATORS:
            return Const(_OPERATORS[type(op)](a, b), option)
    except (ArithmeticError, ValueError):
        pass
    return Unknown("", "expression")


def unary(op: ast.unaryop, value: Value) -> Value:
    """Return ``op value``."""
    found = number(value)
    if found is not None and isinstance(op, ast.USub):
        return Const(-found)
    return Unknown("", "changing" if _changes(value) else "expression")


def compare(left: Value, ops: list[ast.cmpop], right: list[Value]) -> Value:
    """Two literals are compared; of anything else it is remembered whether it changes from turn to turn."""
    other = right[0]
    if len(ops) == 1 and isinstance(left, Const) and isinstance(other, Const):
        option = left.option or other.option
        if isinstance(ops[0], (ast.Eq, ast.NotEq)):
            return Const((left.value == other.value) == isinstance(ops[0], ast.Eq), option)
    return Unknown("", "changing" if any(map(_changes, (left, *right))) else "expression")


def _changes(value: Value) -> bool:
    return isinstance(value, Unknown) and value.changes
