"""What conditions say, so that a thing built under one is not seen under another that excludes it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .events import Guard


@dataclass(frozen=True)
class Fact:
    """What holds of one expression: its value is one of some (``among``), or none of them."""

    subject: str
    values: frozenset[object]
    among: bool


def facts(guards: Iterable[Guard]) -> Iterator[Fact]:
    """Yield what the steady conditions around a place say."""
    for guard in guards:
        test = getattr(guard.node, "test", None)
        if guard.steady and isinstance(test, ast.expr):
            yield from _of(test, guard.arm)


def _of(test: ast.expr, holds: bool) -> Iterator[Fact]:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _of(test.operand, not holds)
    elif isinstance(test, ast.BoolOp):
        if holds == isinstance(test.op, ast.And):
            for each in test.values:
                yield from _of(each, holds)
    elif isinstance(test, ast.Compare):
        if len(test.ops) == 1:
            yield from _comparison(test, test.ops[0], holds)
    else:
        yield Fact(ast.dump(test), frozenset((True,)), holds)


def _comparison(test: ast.Compare, op: ast.cmpop, holds: bool) -> Iterator[Fact]:
    right = test.comparators[0]
    given = right.elts if isinstance(right, (ast.List, ast.Tuple, ast.Set)) else [right]
    values = frozenset(each.value for each in given if isinstance(each, ast.Constant))
    if len(values) != len(given):
        return
    if isinstance(op, (ast.Eq, ast.In, ast.Is)):
        yield Fact(ast.dump(test.left), values, holds)
    elif isinstance(op, (ast.NotEq, ast.NotIn, ast.IsNot)):
        yield Fact(ast.dump(test.left), values, not holds)


def exclude(one: Iterable[Guard], other: Iterable[Guard]) -> bool:
    """Whether the conditions around one place and those around another cannot both hold in a run."""
    theirs = list(facts(other))
    return any(
        mine.subject == each.subject
        and (
            (mine.among and each.among and not mine.values & each.values)
            or (mine.among and not each.among and mine.values <= each.values)
            or (each.among and not mine.among and each.values <= mine.values)
        )
        for mine in facts(one)
        for each in theirs
    )


def excludes_class(guards: Iterable[Guard], name: str) -> bool:
    """Whether a condition on its class says that what is handled here is not of this class."""
    for guard in guards:
        test, holds = getattr(guard.node, "test", None), guard.arm
        while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, holds = test.operand, not holds
        asked = _classes(test)
        if asked is not None:
            names, same = asked
            if not names & {"LRScheduler", "_LRScheduler"} and (name in names) != (holds == same):
                return True
    return False


def _classes(test: ast.expr | None) -> tuple[frozenset[str], bool] | None:
    """The last names of the classes that a condition asks for, and whether it asks for one of them or for none."""
    if isinstance(test, ast.Call) and getattr(test.func, "id", "") == "isinstance" and len(test.args) == 2:
        return _last_names(test.args[1]), True
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    left, op, right = test.left, test.ops[0], test.comparators[0]
    called = isinstance(left, ast.Call) and getattr(left.func, "id", "") == "type"
    if not called and getattr(left, "attr", "") != "__class__":
        return None
    if isinstance(op, (ast.Is, ast.Eq, ast.In)):
        return _last_names(right), True
    return (_last_names(right), False) if isinstance(op, (ast.IsNot, ast.NotEq, ast.NotIn)) else None


def _last_names(node: ast.expr) -> frozenset[str]:
    given = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    return frozenset(getattr(each, "attr", getattr(each, "id", "")) for each in given)
