"""Functions and classes of the file: the body is read anew at each call, with what is known of the arguments."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .text import own_name
from .values import (
    Class,
    Const,
    Function,
    Instance,
    Items,
    Scope,
    Table,
    Unknown,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter

DEPTH = 12
"""Calls within calls that are followed."""


def enter(
    to: Interpreter,
    function: Function,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST | None,
    is_open: bool = False,
) -> Value:
    """Read the body of a function with these arguments; ``node`` is the call, None where nothing calls it.

    ``is_open`` says that there may be other keywords.
    """
    target = function.node
    to.read.add(target)
    if function.wrapped == "context" and node is not None:
        to.hand_over([*args, *keywords.values()], node)
        return Unknown("", "call")
    if len(to.stack) >= DEPTH or target in to.stack or to.budget < 0:
        if node is not None:
            to.hand_over([*args, *keywords.values()], node)
        return Unknown("", "call")
    settled = node is not None and not is_open and not function.wrapped
    names = _parameters(to, function, args, keywords, settled)
    kept = to.scope, to.statement, to.others
    to.scope = Scope(names, function.scope, to.survey.globals_of(target), to.survey.globals_of(target, ast.Nonlocal))
    to.others = ()
    to.stack.append(target)
    if isinstance(target, ast.Lambda):
        result = to.eval(target.body)
    else:
        to.results.append([])
        falls = to.block(target.body)
        results = to.results.pop()
        result = one_of(*results, *([Const(None)] if falls and not results else []))
    to.stack.pop()
    to.scope, to.statement, to.others = kept
    return result


def _parameters(
    to: Interpreter, function: Function, args: list[Value], keywords: dict[str, Value], called: bool
) -> dict[str, Value]:
    spec = function.node.args
    names: dict[str, Value] = {}
    positional = [*spec.posonlyargs, *spec.args]
    given = [function.owner, *args] if function.owner is not None and not is_static(function.node) else list(args)
    for arg, value in zip(positional, given, strict=False):
        names[arg.arg] = value
    if spec.vararg is not None:
        names[spec.vararg.arg] = Items(list(given[len(positional) :]))
    known = {arg.arg for arg in (*positional, *spec.kwonlyargs)}
    for name, value in keywords.items():
        if name in known:
            names[name] = value
    if spec.kwarg is not None:
        extra: dict[object, Value] = {name: value for name, value in keywords.items() if name not in known}
        names[spec.kwarg.arg] = Table(extra, whole=called)
    if called:
        outer = to.scope
        to.scope = function.scope
        for arg, default in zip(reversed(positional), reversed(spec.defaults), strict=False):
            if arg.arg not in names:
                names[arg.arg] = to.eval(default)
        for arg, maybe in zip(spec.kwonlyargs, spec.kw_defaults, strict=False):
            if arg.arg not in names and maybe is not None:
                names[arg.arg] = to.eval(maybe)
        to.scope = outer
    for arg in (*positional, *spec.kwonlyargs):
        names.setdefault(arg.arg, Unknown(arg.arg, "parameter", _annotated(arg.annotation)))
    return names


def _annotated(annotation: ast.expr | None) -> str:
    """The last name of an annotation, without ``Optional`` and its like."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.rpartition(".")[2].strip("]")
    names = map(own_name, ast.walk(annotation or ast.Pass()))
    return next((each for each in names if each[:1].isupper() and each not in ("Optional", "Union", "Any")), "")


def instantiate(
    to: Interpreter,
    cls: Class,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST | None,
    is_open: bool = False,
) -> Instance:
    """Make an object of a class of the file and read its ``__init__``."""
    instance = Instance(cls)
    to.instances.append(instance)
    init = cls.find("__init__")
    if isinstance(init, Function):
        enter(to, Function(init.node, init.scope, instance), args, keywords, node, is_open)
    else:
        fields = [
            each.target.id
            for each in cls.node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]
        if is_open:
            instance.attrs.update({name: Unknown(name, "attribute") for name in fields})
        instance.attrs.update(zip(fields, args, strict=False))
        instance.attrs.update(keywords)
        if node is not None and cls.foreign:
            to.hand_over([*args, *keywords.values()], node)
    return instance


def is_static(node: ast.AST) -> bool:
    """Whether a method gets no instance."""
    return any(getattr(each, "id", "") == "staticmethod" for each in getattr(node, "decorator_list", ()))
