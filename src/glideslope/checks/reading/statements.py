"""Statements: what each does to names, and whether control goes on after it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .arithmetic import binary
from .branches import match, try_
from .control import STOP
from .functions import enter
from .repetition import for_, while_
from .targets import store
from .torch_names import canonical
from .values import (
    Class,
    Const,
    Function,
    Items,
    Ref,
    Scope,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def _import(to: Interpreter, node: ast.Import) -> None:
    for alias in node.names:
        if alias.asname:
            to.bind(alias.asname, Ref(alias.name))
        else:
            first = alias.name.split(".")[0]
            to.bind(first, Ref(first))


def _import_from(to: Interpreter, node: ast.ImportFrom) -> None:
    home = "." * node.level + (node.module or "")
    for alias in node.names:
        if alias.name == "*":
            to.stars.append(home)
        else:
            to.bind(alias.asname or alias.name, Ref(canonical(f"{home}.{alias.name}")))


def _function(to: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    function = Function(node, to.scope)
    made: Value = function
    for decorator in reversed(node.decorator_list):
        made = _decorated(to, decorator, function, made)
    if not any(function.node is each.node for each in to.functions):
        to.functions.append(function)
    to.bind(node.name, made)


def _decorated(to: Interpreter, decorator: ast.expr, function: Function, made: Value) -> Value:
    """What a decorator makes of a function: one of the file is called; of others some are known."""
    found = to.eval(decorator)
    called = to.eval(decorator.func) if isinstance(decorator, ast.Call) else found
    paths = [each.path for each in options(called) if isinstance(each, Ref)]
    if "torch.compile" in paths:
        to.happen("compile", function, decorator)
    elif isinstance(found, Function) and not isinstance(decorator, ast.Lambda):
        inner = enter(to, found, [made], {}, decorator)
        return inner if isinstance(inner, Function) else made
    elif any(path.rpartition(".")[2] in ("contextmanager", "asynccontextmanager") for path in paths):
        function.wrapped = "context"
    elif not paths or any(path.rpartition(".")[2] not in _TRANSPARENT for path in paths):
        function.wrapped = "outside"
    return made


_TRANSPARENT = frozenset((
    "no_grad", "inference_mode", "enable_grad", "staticmethod", "classmethod", "property", "cached_property", "wraps",
    "record", "abstractmethod", "override", "final", "jit", "autocast", "rank_zero_only", "lru_cache", "cache", "setter"
))  # fmt: skip
"""Decorators after which a function still gets what it is called with."""


def _class(to: Interpreter, node: ast.ClassDef) -> None:
    bases = tuple(to.eval(base) for base in node.bases)
    cls = Class(node, to.scope, {}, tuple(each for base in bases for each in options(base)))
    outer, functions = to.scope, to.functions
    to.scope, to.functions = Scope(cls.names, outer), []
    to.block(node.body)
    to.scope, to.functions = outer, functions
    for value in cls.names.values():
        if isinstance(value, Function):
            value.scope = outer
    to.classes.append(cls)
    to.bind(node.name, cls)


def _return(to: Interpreter, node: ast.Return) -> bool:
    value = to.eval(node.value) if node.value else Const(None)
    if to.results:
        to.results[-1].append(value)
    return STOP


def _leave(to: Interpreter, node: ast.stmt) -> bool:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            to.eval(child)
    return STOP


def _assign(to: Interpreter, node: ast.Assign) -> None:
    value = to.eval(node.value)
    for target in node.targets:
        store(to, target, value)


def _ann_assign(to: Interpreter, node: ast.AnnAssign) -> None:
    if node.value is not None:
        store(to, node.target, to.eval(node.value))


def _aug_assign(to: Interpreter, node: ast.AugAssign) -> None:
    old, new = to.eval(node.target), to.eval(node.value)
    if isinstance(old, Items) and isinstance(new, Items):
        old.values.extend(new.values)
        return
    value: Value = Unknown("", "changing") if to.loops else binary(node.op, old, new)
    store(to, node.target, value)


def _with(to: Interpreter, node: ast.With | ast.AsyncWith) -> bool:
    for item in node.items:
        value = to.eval(item.context_expr)
        if item.optional_vars is not None:
            store(to, item.optional_vars, Unknown("", "expression") if isinstance(value, Const) else value)
    return to.block(node.body)


STATEMENTS: dict[type, Any] = {
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Raise: _leave,
    ast.Break: _leave,
    ast.Continue: _leave,
    ast.Assign: _assign,
    ast.AnnAssign: _ann_assign,
    ast.AugAssign: _aug_assign,
    ast.Try: try_,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: match,
    ast.For: for_,
    ast.AsyncFor: for_,
    ast.While: while_,
}
if hasattr(ast, "TryStar"):
    STATEMENTS[ast.TryStar] = try_
