"""removed-argument: ``verbose``, which torch no longer takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ..diagnostic import Edit
from ..reading.module import Module
from ..reading.torch_names import PARAMETERS
from ..reading.values import Scheduler
from ..rule import Finding, SourceRule


@final
class RemovedArgument(SourceRule):
    """``verbose``, which torch no longer takes."""

    code = "GS218"
    name = "removed-argument"
    severity = "error"
    finds = "`verbose=` in the construction of a torch scheduler."
    why = "It was deprecated in torch 2.2 and has been removed: the script ends with a `TypeError`."
    example = "ReduceLROnPlateau(optimizer, patience=5, verbose=True)"
    instead = (
        "`ReduceLROnPlateau(optimizer, patience=5)`, and `print(scheduler.get_last_lr())` where the rate is wanted."
    )
    fix = "The argument is removed, where its value is a plain name or literal."
    valid = (
        """
import torch
from pypose.optim.scheduler import StopOnPlateau
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = StopOnPlateau(opt, steps=10, verbose=True)
other = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=5)
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=5, verbose=True)
""",
        """
from torch.optim.lr_scheduler import *
def build(opt, talk):
    return StepLR(opt, verbose=talk, step_size=30)
""",
        """
from torch.optim import lr_scheduler
def build(opt):
    return lr_scheduler.ReduceLROnPlateau(
        opt,
        factor=0.5,
        verbose=True,  # say so
    )
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for each in module.schedulers:
            node = each.nodes.get("verbose")
            if (
                "verbose" not in each.args
                or not each.path.startswith("torch.")
                or "verbose" not in PARAMETERS[each.name]
            ):
                continue
            if not self._is_minded(module, each):
                yield module.at(
                    each.node,
                    f"`{each.name}` no longer takes `verbose`: this is a TypeError.",
                    "Remove it; `print(scheduler.get_last_lr())` says the rate.",
                    self._edits(module, each, node) if node is not None else (),
                )

    def _is_minded(self, module: Module, scheduler: Scheduler) -> bool:
        """Whether the script knows that some releases do not take it: it asks for the version, or catches the error."""
        for guard in scheduler.guards:
            test = getattr(guard.node, "test", None)
            names = _names(test) if test is not None else []
            texts = [test, *(value for name in names for value in module.assigned(name))]
            if any("version" in ast.unparse(each) for each in texts if each is not None):
                return True
        node: ast.AST | None = scheduler.node
        while (inner := node) is not None:
            node = module.parents.get(inner)
            if isinstance(node, ast.Try) and inner in node.body:
                caught = [handler.type for handler in node.handlers]
                if any(each is None or {"TypeError", "Exception"} & set(_names(each)) for each in caught):
                    return True
        return False

    def _edits(self, module: Module, scheduler: Scheduler, value: ast.expr) -> tuple[Edit, ...]:
        """Remove the keyword with the comma before it, or after it where it is the first argument."""
        call = scheduler.node
        keyword = next((each for each in call.keywords if each.value is value), None)
        if keyword is None or not isinstance(value, (ast.Constant, ast.Name)):
            return ()
        text = module.text
        line, column, end, stop = text.place(keyword)
        given = sorted((text.place(each) for each in (*call.args, *call.keywords)), key=lambda place: place[:2])
        index = given.index((line, column, end, stop))
        if index:
            last, after = given[index - 1][2:]
            return (Edit(last, after, end, stop, ""),) if text.is_comma(last, after, line, column) else ()
        if len(given) > 1:
            first, before = given[1][:2]
            return (Edit(line, column, first, before, ""),) if text.is_comma(end, stop, first, before) else ()
        return ()


def _names(node: ast.expr) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
