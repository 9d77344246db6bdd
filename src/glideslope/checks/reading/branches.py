"""Conditions, ``try`` and ``match``: every arm is read, and afterwards a name may be what either made of it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .conditions import facts, kinds, turns
from .control import MISSING, STOP
from .events import Guard
from .values import (
    Class,
    Function,
    Ref,
    Unknown,
    Value,
    is_tracked,
    one_of,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter

_ASKING = frozenset(("isinstance", "hasattr", "callable", "len", "bool", "getattr"))


def if_(to: Interpreter, node: ast.If, rest: list[ast.stmt]) -> bool | None:
    """Read both arms. None: go on with the next statement; else the rest has been read too."""
    to.eval(node.test)
    decided = truth(node.test)
    if decided is not None:
        return None if to.block(node.body if decided else node.orelse) else STOP
    steady = is_steady(to, node.test)
    first, yes = _arm(to, node, node.body, True, steady)
    second, no = _arm(to, node, node.orelse, False, steady)
    if first and second:
        _merge(to, yes, no)
        return None
    if not first and not second:
        return STOP
    _replay(to, yes if first else no)
    outer = to.guards
    to.guards = (*outer, _guard(to, node, first, steady))
    flow = to.block(rest)
    to.guards = outer
    return flow


def _arm(to: Interpreter, node: ast.AST, body: list[ast.stmt], arm: bool, steady: bool) -> tuple[bool, dict[Any, Any]]:
    """Read one arm and put the names back; return whether it falls through, and what it wrote."""
    outer = to.guards
    to.guards = (*outer, _guard(to, node, arm, steady))
    journal: dict[tuple[int, str], tuple[dict[str, Value], Any]] = {}
    to.journals.append(journal)
    flow = to.block(body)
    to.journals.pop()
    to.guards = outer
    written = {}
    to.budget -= len(journal) // 8
    for (key, name), (names, old) in journal.items():
        written[key, name] = (names, names.get(name, MISSING), old)
        if old is MISSING:
            names.pop(name, None)
        else:
            names[name] = old
    return flow, written


def _guard(to: Interpreter, node: ast.AST, arm: bool, steady: bool) -> Guard:
    test = getattr(node, "test", None)
    if test is None:
        return Guard(node, arm, steady, bool(to.loops))
    every, known, classes = turns(to, test, arm), tuple(facts(to, test, arm)), tuple(kinds(to, test, arm))
    return Guard(node, arm, steady, bool(to.loops), every, known, classes)


def under(to: Interpreter, node: ast.AST, arm: bool, part: ast.expr) -> Value:
    """Return what an expression stands for that is only evaluated under a condition."""
    outer = to.guards
    to.guards = (*outer, _guard(to, node, arm, is_steady(to, node.test)))  # type: ignore[attr-defined]
    value = to.eval(part)
    to.guards = outer
    return value


def _merge(to: Interpreter, yes: dict[Any, Any], no: dict[Any, Any]) -> None:
    for key in {**yes, **no}:
        names, _, old = yes.get(key) or no[key]
        values = [side[key][1] if key in side else old for side in (yes, no)]
        to.write(names, key[1], one_of(*(value for value in values if value is not MISSING)))


def _replay(to: Interpreter, side: dict[Any, Any]) -> None:
    for (_, name), (names, new, _old) in side.items():
        if new is not MISSING:
            to.write(names, name, new)


def is_steady(to: Interpreter, test: ast.expr) -> bool:
    """Whether a condition is an option of the run rather than something that changes from turn to turn."""
    options_ = {part for each in ast.walk(test) if _asks_for_an_option(each) for part in ast.walk(each)}
    for each in ast.walk(test):
        if isinstance(each, ast.Call) and not (isinstance(each.func, ast.Name) and each.func.id in _ASKING):
            return False
        if isinstance(each, ast.Compare) and any(isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for op in each.ops):
            return False
        if isinstance(each, ast.BinOp):
            return False
        if (
            isinstance(each, ast.Attribute) and to.loops and each.attr in to.survey.stored and each not in options_
            and not is_tracked(to.eval(each))
        ):  # fmt: skip
            return False
        if isinstance(each, (ast.Name, ast.Attribute)) and any(
            isinstance(value, Unknown)
            and (value.changes or (value.origin == "call" and bool(to.loops) and each not in options_))
            for value in options(to.eval(each))
        ):
            return False
    return True


def _asks_for_an_option(node: ast.AST) -> bool:
    """``args.kind == "cosine"``, ``scheduler is None``: what answers to a word, or may not be there, is an option."""
    if not isinstance(node, ast.Compare):
        return False
    if isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        return isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None
    if not isinstance(node.ops[0], (ast.Eq, ast.NotEq, ast.In, ast.NotIn)):
        return False
    right = node.comparators[0]
    given = right.elts if isinstance(right, (ast.List, ast.Tuple, ast.Set)) else [right]
    return all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in given)


def try_(to: Interpreter, node: ast.Try) -> bool:
    """Read the body as if it went well, and then every handler."""
    flow = to.block(node.body)
    handlers = []
    for handler in node.handlers:
        handlers.append(_arm(to, handler, handler.body, False, False))
    for falls, written in handlers:
        if falls:
            for (_, name), (names, new, _old) in written.items():
                if new is MISSING:
                    continue
                if isinstance(names.get(name), (Ref, Class, Function)):
                    continue  # the import that works
                to.write(names, name, one_of(names.get(name), new) if name in names else new)
    if flow:
        flow = to.block(node.orelse)
    last = to.block(node.finalbody)
    return last and (flow or any(falls for falls, _ in handlers))


def match(to: Interpreter, node: ast.Match) -> bool:
    """Read every case, each as if the condition stood before it."""
    to.eval(node.subject)
    steady = is_steady(to, node.subject)
    sides = [_arm(to, _as_if(node, case), case.body, True, steady) for case in node.cases]
    falling = [written for falls, written in sides if falls]
    for written in falling:
        for (_, name), (names, new, _old) in written.items():
            if new is not MISSING:
                to.write(names, name, one_of(names.get(name), new) if name in names else new)
    return bool(falling) or not any(_is_wildcard(case) for case in node.cases)


def _as_if(node: ast.Match, case: ast.match_case) -> ast.AST:
    """``case "a" | "b":`` as ``if subject in ("a", "b"):``; the case itself where it is no literal."""
    parts = case.pattern.patterns if isinstance(case.pattern, ast.MatchOr) else [case.pattern]
    values = [each.value for each in parts if isinstance(each, ast.MatchValue)]
    if len(values) != len(parts) or case.guard is not None:
        return case
    test = ast.Compare(node.subject, [ast.In()], [ast.Tuple(values, ast.Load())])
    return ast.copy_location(ast.If(ast.copy_location(test, node.subject), case.body, []), node)


def _is_wildcard(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def truth(test: ast.expr) -> bool | None:
    """Return whether a condition holds, where the text itself settles it."""
    if isinstance(test, ast.Compare) and ast.unparse(test) in ("__name__ == '__main__'", "'__main__' == __name__"):
        return True
    if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
        return True
    if isinstance(test, ast.Constant):
        return bool(test.value)
    return None
