"""Methods: what one does to the thing it belongs to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from .arguments import Call
from .configuration import loosen, loosen_names, overrides
from .construction import construct
from .functions import enter
from .options import of_namespace
from .out_of_sight import unknown, unseen
from .paths import KEEPING, by_path, kept
from .values import (
    Choice,
    Class,
    Const,
    Function,
    Instance,
    Items,
    Method,
    Namespace,
    Optimizer,
    Ref,
    Scaler,
    Scheduler,
    Table,
    Unknown,
    Value,
    is_optimizer,
    is_tracked,
    one_of,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def apply(to: Interpreter, target: Value, it: Call) -> Value:
    """Call whatever this is."""
    if isinstance(target, Ref):
        return by_path(to, target.path, it)
    if isinstance(target, Function):
        return enter(to, target, it.args, it.keywords, it.node, it.open)
    if isinstance(target, Class):
        return construct(to, target, it)
    if isinstance(target, Method):
        return method(to, target.of, target.name, it)
    if isinstance(target, Instance):
        for name in ("__call__", "forward"):
            found = target.cls.find(name)
            if isinstance(found, Function):
                if not to.survey.matters(found.node):
                    return unknown(to)
                return enter(to, Function(found.node, found.scope, target), it.args, it.keywords, it.node, it.open)
    return unseen(to, target.name if isinstance(target, Unknown) else "", it)


def method(to: Interpreter, owner: Value, name: str, it: Call) -> Value:
    """Call the method of this name."""
    if isinstance(owner, (Scheduler, Optimizer, Scaler, Unknown)) and name in _SAID:
        return _said(to, owner, name, it)
    read = _METHODS.get(type(owner))
    return unseen(to, name, it) if read is None else read(to, owner, name, it)


def _of_ref(to: Interpreter, owner: Ref, name: str, it: Call) -> Value:
    return by_path(to, to.attribute(owner, name).path, it)  # type: ignore[union-attr]


def _of_class(to: Interpreter, owner: Class, name: str, it: Call) -> Value:
    found = owner.find(name)
    if isinstance(found, Function):
        return enter(to, found, it.args, it.keywords, it.node, it.open)
    return unseen(to, name, it)


def _of_choice(to: Interpreter, owner: Choice, name: str, it: Call) -> Value:
    return one_of(*(method(to, each, name, it) for each in options(owner)))


_SAID = frozenset(("state_dict", "load_state_dict", "get_lr"))


def _said(to: Interpreter, owner: Scheduler | Optimizer | Scaler | Unknown, name: str, it: Call) -> Value:
    """What means the same of whatever has it: its state goes out, comes in, or its rate is asked for."""
    if name == "state_dict":
        return Method(owner, name)
    if not isinstance(owner, Scaler):
        to.happen("load" if name == "load_state_dict" else name, owner, it.node, it.all)
    return Const(None) if name == "load_state_dict" else Unknown("", "changing")


def _of_scheduler(to: Interpreter, owner: Scheduler, name: str, it: Call) -> Value:
    if name == "step":
        to.happen("step", owner, it.node, it.all, nodes=it.node.args)
    return Unknown("", "changing")


def _of_optimizer(to: Interpreter, owner: Optimizer, name: str, it: Call) -> Value:
    if name == "step" or name.endswith("_step"):
        for each in it.args:
            if isinstance(each, Function):
                enter(to, each, [], {}, it.node)
        to.happen("step", owner, it.node)
    return Unknown("", "changing")


def _of_scaler(to: Interpreter, owner: Scaler, name: str, it: Call) -> Value:
    if name == "step":
        for each in options(it.args[0] if it.args else None):
            to.happen("step", each, it.node, [owner], via="scaler")
    elif name == "scale" and it.args:
        return it.args[0]
    return Unknown("", "changing")


def _of_unknown(to: Interpreter, owner: Unknown, name: str, it: Call) -> Value:
    if name == "step" or name == "optimizer_step":
        driven = [each for each in options(it.args[0] if it.args else None) if is_optimizer(each)]
        for each in driven:
            to.happen("step", each, it.node, [owner], via="scaler")
        if not driven:
            to.happen("step", owner, it.node, it.all, nodes=it.node.args)
            to.hand_over([each for each in it.all if isinstance(each, Scheduler)], it.node)
        return unknown(to)
    if name in KEEPING and name != "initialize":
        return kept(to, name, it)
    if name == "save" or name == "save_checkpoint":
        to.happen("save", it.args[0] if it.args else owner, it.node, it.all)
    if name == "update" and owner.source in ("builtins.globals", "builtins.locals"):
        loosen_names(to, to.module.names)
    elif owner.attrs and overrides(name):
        loosen(to, owner)
    if name in ("to", "cuda", "train", "eval", "double", "half") and not any(map(_matters, it.all)):
        return owner
    return unseen(to, f"{owner.name}.{name}" if owner.name else name, it)


def _matters(value: Value) -> bool:
    return any(isinstance(each, (Scheduler, Optimizer)) for each in options(value))


def _of_instance(to: Interpreter, owner: Instance, name: str, it: Call) -> Value:
    found = to.attribute(owner, name)
    if isinstance(found, Function):
        if name == "step":
            to.resolved.add(it.node)
        if not to.survey.matters(found.node) and not any(map(_matters, it.all)) and not _calls_back(owner):
            return unknown(to)
        return enter(to, found, it.args, it.keywords, it.node, it.open)
    if isinstance(found, Unknown) and owner.cls.foreign and found.origin == "attribute":
        to.hand_over([owner], it.node)
    return (
        apply(to, found, it)
        if not isinstance(found, Choice)
        else one_of(*(apply(to, each, it) for each in options(found)))
    )


def _calls_back(owner: Instance) -> bool:
    """Whether it keeps functions, which any of its methods may call."""
    held = [each for value in owner.attrs.values() for each in options(value)]
    held += [part for each in held if isinstance(each, Items) for part in each.values]
    held += [part for each in held if isinstance(each, Table) for part in each.entries.values()]
    return any(isinstance(each, (Method, Function)) for each in held)


def super_(to: Interpreter, name: str, it: Call) -> Value:
    """``super().name(...)``: the method of a base class in the file, or code that is out of sight."""
    here = to.stack[-1] if to.stack else None
    arguments = getattr(here, "args", None)
    owner = to.scope.names.get(arguments.args[0].arg) if arguments is not None and arguments.args else None
    if not isinstance(owner, Instance):
        return unseen(to, name, it)
    for base in _bases_above(owner.cls, here):
        found = base.find(name)
        if isinstance(found, Function):
            return enter(to, Function(found.node, found.scope, owner), it.args, it.keywords, it.node, it.open)
    if owner.cls.foreign and name != "__init__":
        to.hand_over([owner], it.node)
    return unseen(to, name, it)


def _bases_above(cls: Class, here: ast.AST | None) -> list[Class]:
    """Return the classes of the file that stand above the one whose method is ``here``."""
    mine = [base for base in cls.bases if isinstance(base, Class) and base is not cls]
    if any(isinstance(each, Function) and each.node is here for each in cls.names.values()):
        return mine
    return [found for base in mine for found in _bases_above(base, here)]


def _of_const(to: Interpreter, owner: Const, name: str, it: Call) -> Value:
    """``"30,80".split(",")``; of other methods of literals nothing is known."""
    if name != "split" or not isinstance(owner.value, str):
        return unknown(to)
    separators = [each.value for each in it.args if isinstance(each, Const) and isinstance(each.value, str)]
    if it.keywords or len(it.args) > 1 or len(separators) != len(it.args) or "" in separators:
        return Unknown("", "call")
    parts = owner.value.split(separators[0] if separators else None)
    return Items([Const(part, owner.option) for part in parts[:100]])


def _of_items(to: Interpreter, owner: Items, name: str, it: Call) -> Value:
    if name == "append" and it.args and len(owner.values) < 64:
        owner.values.append(it.args[0] if not to.loops or _matters(it.args[0]) else Unknown("", "changing"))
    elif name == "extend" and it.args and isinstance(it.args[0], Items) and it.args[0] is not owner:
        owner.values.extend(it.args[0].values[:64])
    elif name in ("pop", "remove", "insert", "clear", "append", "extend") and not any(map(is_tracked, owner.values)):
        loosen(to, owner)
    elif name not in ("index", "count", "sort", "reverse"):
        return unseen(to, name, it)
    return Const(None)


def _of_table(to: Interpreter, owner: Table, name: str, it: Call) -> Value:
    key = it.args[0] if it.args else None
    if name in ("get", "pop", "setdefault") and isinstance(key, Const):
        default = it.args[1] if len(it.args) > 1 else None
        found = owner.entries.get(key.value)
        return found if found is not None else default if default is not None and owner.whole else unknown(to)
    if name == "get" and owner.entries:
        return one_of(*owner.entries.values())
    if name == "values":
        return Items(list(owner.entries.values()))
    if name == "items":
        return Items([Items([Const(key), value]) for key, value in owner.entries.items()])
    if name == "update":
        for each in it.args:
            if isinstance(each, (Table, Namespace)):
                owner.entries.update(each.entries if isinstance(each, Table) else each.attrs)
        if it.open or any(not isinstance(each, Namespace) and not getattr(each, "whole", False) for each in it.args):
            loosen(to, owner)
        owner.entries.update(it.keywords)
        return Const(None)
    if name == "copy":
        return Table(dict(owner.entries), owner.whole)
    return unseen(to, name, it)


_METHODS: dict[type, Callable[..., Value]] = {
    Ref: _of_ref,
    Scheduler: _of_scheduler,
    Optimizer: _of_optimizer,
    Scaler: _of_scaler,
    Unknown: _of_unknown,
    Instance: _of_instance,
    Class: _of_class,
    Items: _of_items,
    Table: _of_table,
    Namespace: of_namespace,
    Choice: _of_choice,
    Const: _of_const,
}
