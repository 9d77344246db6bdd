"""Builtin functions: numbers, lengths, attributes by name."""

from __future__ import annotations

import ast
import math
import re
from typing import TYPE_CHECKING

from .arguments import Call
from .configuration import loosen, loosen_names
from .loops import BATCHED
from .out_of_sight import unknown
from .values import (
    BATCHES,
    Batches,
    Const,
    Instance,
    Items,
    Loader,
    Namespace,
    Range,
    Ref,
    Scheduler,
    Table,
    Unknown,
    Value,
    number,
    one_of,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def builtin(to: Interpreter, name: str, it: Call) -> Value:
    """Call a builtin function."""
    first = it.args[0] if it.args else None
    if name == "range":
        return range_(it)
    if name == "len":
        return _length(first)
    if name in ("int", "float", "round", "abs"):
        return rounded(name, it)
    if name in ("max", "min"):
        values = [number(each) for each in it.args]
        known = [each for each in values if each is not None]
        if known and len(known) == len(values) > 1:
            return Const(max(known) if name == "max" else min(known))
        batches = [each for each in it.args if isinstance(each, Batches)]
        return Batches(batches[0].loader, batches[0].name, None) if batches else unknown(to)
    if name in ("list", "tuple", "reversed", "sorted", "iter", "enumerate", "zip", "set"):
        if name == "zip" and len(it.args) > 1 and any(isinstance(each, Items) for each in it.args):
            length = min(len(each.values) for each in it.args if isinstance(each, Items))
            return Items([Items([_element(each, index) for each in it.args]) for index in range(length)])
        if name == "enumerate" and isinstance(first, Items):
            return Items([Items([Const(index), each]) for index, each in enumerate(first.values)])
        return first if first is not None else Items([])
    if name == "dict":
        entries = dict(first.entries) if isinstance(first, Table) else {}
        made = Table(entries, whole=first is None or isinstance(first, Table))
        made.entries.update(it.keywords)
        if it.open:
            loosen(to, made)
        return made
    if name == "getattr" and len(it.args) >= 2:
        key = it.args[1]
        if isinstance(key, Const) and isinstance(key.value, str):
            return one_of(*(to.attribute(each, key.value) for each in options(it.args[0])))
        if any(isinstance(each, (Instance, Scheduler)) for each in options(it.args[0])):
            to.hand_over([it.args[0]], it.node)
        return Unknown("", "call", "getattr")
    if name == "setattr" and len(it.args) == 3:
        _set_attribute(to, it)
    elif name in ("locals", "globals", "exec") or (name == "eval" and _may_step(it)):
        to.hand_over(to.schedulers, it.node)
        if name == "exec":
            loosen_names(to, to.module.names)
            loosen_names(to, to.scope.names)
    elif name == "vars":
        if isinstance(first, Namespace):
            return first
        to.hand_over(it.args, it.node)
    elif name == "map" and len(it.args) == 2 and isinstance(first, Ref) and isinstance(it.args[1], Items):
        kind = first.path.rpartition(".")[2]
        if first.path.startswith("builtins.") and kind in ("int", "float"):
            return Items([rounded(kind, Call(it.node, [each], {}, False)) for each in it.args[1].values])
        to.hand_over(it.args, it.node)
    elif name in ("map", "filter"):
        to.hand_over(it.args, it.node)
    elif name == "next" and first is not None:
        return Unknown("", "changing")
    return unknown(to, f"builtins.{name}")


def _element(value: Value, index: int) -> Value:
    return value.values[index] if isinstance(value, Items) else Unknown(getattr(value, "name", ""), "item")


def _may_step(it: Call) -> bool:
    """Whether an expression in a text may step something: it says so."""
    text = [each.value for each in ast.walk(it.node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(re.search(r"sched|step|optim", each) for each in text)


def _set_attribute(to: Interpreter, it: Call) -> None:
    owner, key, value = it.args
    if isinstance(key, Const) and isinstance(key.value, str) and isinstance(owner, (Instance, Namespace)):
        to.write(owner.attrs, key.value, value)
        return
    if isinstance(owner, Scheduler):
        owner.adjusted = True
    loosen(to, owner)
    to.hand_over([value], it.node)


def range_(it: Call) -> Value:
    """Return what ``range`` gives."""
    args = it.args
    if len(args) == 1:
        return Range(Const(0), args[0], 1)
    if len(args) >= 2:
        step = number(args[2]) if len(args) > 2 else 1
        if step is not None and step > 0:
            return Range(args[0], args[1], step)
    return Unknown("", "call", "range")


def _length(value: Value | None) -> Value:
    if isinstance(value, Items):
        return Const(len(value.values))
    found = options(value)
    if len(found) == 1 and isinstance(found[0], (Loader, Unknown)):
        one = found[0]
        name = "loader" if isinstance(one, Loader) else one.name or one.source
        if BATCHED.search(name.lower()):
            return Batches(one, name)
    return Unknown("", "call", "builtins.len")


def rounded(name: str, it: Call) -> Value:
    """Return a number that ``int``, ``round``, ``abs``, ``ceil`` or their like make of another."""
    first = it.args[0] if it.args else None
    if isinstance(first, Batches) or (isinstance(first, Unknown) and first.name in BATCHES):
        return first
    value = number(first)
    if value is None and isinstance(first, Const) and isinstance(first.value, str) and name in ("int", "float"):
        try:
            value = float(first.value)
        except ValueError:
            return Unknown("", "call", name)
    if value is None or not math.isfinite(value):
        changes = isinstance(first, Unknown) and first.changes
        return Unknown("", "changing" if changes else "call", name)
    if name == "float":
        return Const(float(value))
    if name == "abs":
        return Const(abs(value))
    if name == "round":
        digits = number(it.args[1]) if len(it.args) > 1 else None
        return Const(round(value, int(digits)) if digits is not None else round(value))
    return Const(math.ceil(value) if name == "ceil" else math.floor(value) if name == "floor" else int(value))
