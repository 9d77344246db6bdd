"""What conditions say, so that a thing built under one is not seen under another that excludes it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .events import Fact, Guard, Kind
from .torch_names import HUGGING_FACE
from .values import Class, Const, Items, Ref, Scheduler, Unknown, Value, number, options

if TYPE_CHECKING:
    from .interpreter import Interpreter

_BASES = frozenset(("LRScheduler", "_LRScheduler"))


def facts(to: Interpreter, test: ast.expr, holds: bool) -> Iterator[Fact]:
    """Yield what a condition says when it holds, or when it does not."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from facts(to, test.operand, not holds)
    elif isinstance(test, ast.BoolOp):
        if holds == isinstance(test.op, ast.And):
            for each in test.values:
                yield from facts(to, each, holds)
    elif isinstance(test, ast.Compare):
        if len(test.ops) == 1:
            yield from _comparison(to, test, test.ops[0], holds)
    else:
        yield Fact(_subject(to, test), frozenset((True,)), holds)


def _comparison(to: Interpreter, test: ast.Compare, op: ast.cmpop, holds: bool) -> Iterator[Fact]:
    right = test.comparators[0]
    given = right.elts if isinstance(right, (ast.List, ast.Tuple, ast.Set)) else [right]
    values = frozenset(each.value for each in given if isinstance(each, ast.Constant))
    if len(values) != len(given):
        return
    if isinstance(op, (ast.Eq, ast.In, ast.Is)):
        yield Fact(_subject(to, test.left), values, holds)
    elif isinstance(op, (ast.NotEq, ast.NotIn, ast.IsNot)):
        yield Fact(_subject(to, test.left), values, not holds)


def _subject(to: Interpreter, node: ast.expr) -> object:
    """What a condition speaks of: the value itself, so that another thing of the same name is another thing."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        value = to.eval(node)
        return (ast.dump(node), repr(value.value)) if isinstance(value, Const) else value
    return ast.dump(node), to.stack[-1] if to.stack else None


def kinds(to: Interpreter, test: ast.expr, holds: bool) -> Iterator[Kind]:
    """Yield what a condition says of classes."""
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, holds = test.operand, not holds
    if isinstance(test, ast.BoolOp):
        if holds == isinstance(test.op, ast.And):
            for each in test.values:
                yield from kinds(to, each, holds)
        return
    if isinstance(test, ast.Call) and getattr(test.func, "id", "") == "isinstance" and len(test.args) == 2:
        subject, classes, exact = test.args[0], test.args[1], False
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        exact, classes = True, test.comparators[0]
        if isinstance(test.left, ast.Call) and getattr(test.left.func, "id", "") == "type" and test.left.args:
            subject = test.left.args[0]
        elif isinstance(test.left, ast.Attribute) and test.left.attr == "__class__":
            subject = test.left.value
        else:
            return
        if isinstance(test.ops[0], (ast.IsNot, ast.NotEq, ast.NotIn)):
            holds = not holds
        elif not isinstance(test.ops[0], (ast.Is, ast.Eq, ast.In)):
            return
    else:
        return
    names = _class_names(to.eval(classes))
    if names is not None and isinstance(subject, (ast.Name, ast.Attribute, ast.Subscript)):
        yield Kind(options(to.eval(subject)), names, holds, exact)


def _class_names(classes: Value) -> frozenset[str] | None:
    """The names of classes, None where one of them is not known."""
    found: set[str] = set()
    for each in classes.values if isinstance(classes, Items) else options(classes):
        if isinstance(each, Ref):
            found.add(each.path.rpartition(".")[2])
        elif isinstance(each, Class):
            found.add(each.node.name)
        elif isinstance(each, Items) and (inner := _class_names(each)) is not None:
            found |= inner
        else:
            return None
    return frozenset(found)


def exclude(one: Iterable[Guard], other: Iterable[Guard]) -> bool:
    """Whether the conditions around one place and those around another cannot both hold in a run."""
    theirs = [fact for guard in other if guard.steady for fact in guard.facts]
    return any(
        mine.subject == each.subject
        and (
            (mine.among and each.among and not mine.values & each.values)
            or (mine.among and not each.among and mine.values <= each.values)
            or (each.among and not mine.among and each.values <= mine.values)
        )
        for guard in one
        if guard.steady
        for mine in guard.facts
        for each in theirs
    )


def excludes_class(guards: Iterable[Guard], scheduler: Scheduler) -> bool:
    """Whether a condition on its class says that this scheduler is not handled here."""
    return any(
        _is_one(scheduler, kind) is (not kind.among)
        for guard in guards
        for kind in guard.kinds
        if any(each is scheduler for each in kind.values)
    )


def _is_one(scheduler: Scheduler, kind: Kind) -> bool | None:
    """Whether the scheduler is of these classes; None where that depends on the release of torch."""
    if scheduler.name in kind.names:
        return True
    if kind.exact:
        return False
    if kind.names & _BASES:
        return None if scheduler.name == "ReduceLROnPlateau" or not scheduler.path else True
    if scheduler.name in HUGGING_FACE and "LambdaLR" in kind.names:
        return True
    return False if scheduler.path else None


def turns(to: Interpreter, test: ast.expr, holds: bool) -> float | None:
    """Return n of ``if i % n == 0`` and its like: the condition holds once in n turns."""
    if isinstance(test, ast.BoolOp):
        parts = test.values if holds == isinstance(test.op, ast.And) else test.values[:1]
        found = [each for each in (turns(to, part, holds) for part in parts) if each is not None]
        return found[0] if found else None
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return turns(to, test.operand, not holds)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        equal = isinstance(test.ops[0], ast.Eq)
        if not equal and not isinstance(test.ops[0], ast.NotEq):
            return None
        modulus = to.moduli.get(test.left) or to.moduli.get(test.comparators[0])
        return number(modulus) if equal == holds else None
    if isinstance(test, (ast.Name, ast.Attribute)) and holds:
        value = to.eval(test)
        return value.every if isinstance(value, Unknown) else None
    return number(to.moduli.get(test)) if not holds else None
