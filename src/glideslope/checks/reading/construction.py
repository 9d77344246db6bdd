"""Objects: a scheduler, an optimizer, an instance of a class of the file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from . import torch_names
from .arguments import Call
from .functions import instantiate
from .values import (
    Class,
    Const,
    Items,
    Optimizer,
    Scheduler,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def scheduler(to: Interpreter, name: str, path: str, it: Call) -> Scheduler:
    """Build one of the schedulers of torch."""
    parameters = torch_names.PARAMETERS[name]
    args: dict[str, Value] = (
        dict(zip(parameters, it.args, strict=False)) if not any(map(_starred, it.node.args)) else {}
    )
    nodes: dict[str, ast.expr] = dict(zip(parameters, it.node.args, strict=False)) if args else {}
    args.update(it.keywords)
    nodes.update({each.arg: each.value for each in it.node.keywords if each.arg is not None})
    for key, value in torch_names.DEFAULTS.get(name, {}).items():
        if not it.open:
            args.setdefault(key, Const(value))
    found = Scheduler(
        it.node, name, args, nodes, to.loops, path, it.open, guards=to.guards, order=len(to.events), root=to.root
    )
    _drive(args.get("optimizer"))
    for part in _parts(args.get("schedulers")):
        part.inside = True
    to.keep(found)
    return found


def _starred(node: ast.expr) -> bool:
    return isinstance(node, ast.Starred)


def _drive(value: Value | None) -> None:
    for each in options(value):
        if isinstance(each, Unknown):
            each.drives = True


def _parts(value: Value | None) -> list[Scheduler]:
    found: list[Scheduler] = []
    for each in options(value):
        inner = each.values if isinstance(each, Items) else []
        found += [one for item in inner for one in options(item) if isinstance(one, Scheduler)]
    return found


def construct(to: Interpreter, cls: Class, it: Call) -> Value:
    """An object of a class of the file; a subclass of torch's is what it derives from."""
    if cls.is_a("_LRScheduler", "LRScheduler", *(name for name in torch_names.PARAMETERS if name[0].isupper())):
        args = {"optimizer": it.args[0]} if it.args else dict(it.keywords)
        nodes: dict[str, ast.expr] = {}
        _drive(args.get("optimizer"))
        found = Scheduler(
            it.node,
            cls.node.name,
            args,
            nodes,
            to.loops,
            "",
            True,
            guards=to.guards,
            order=len(to.events),
            root=to.root,
        )
        found.handed_over = True
        return found
    if cls.is_a("Optimizer", *torch_names.OPTIMIZERS):
        return Optimizer(it.node, cls.node.name, Const(None), to.loops)
    return instantiate(to, cls, it.args, it.keywords, it.node, it.open)
