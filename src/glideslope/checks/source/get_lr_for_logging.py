"""get-lr-for-logging: ``get_lr()`` is not the rate in use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ..diagnostic import Edit
from ..reading.module import Module
from ..reading.text import shown
from ..reading.torch_names import HUGGING_FACE
from ..reading.values import Scheduler
from ..rule import Finding, SourceRule

PURE = frozenset(("LambdaLR", "CosineAnnealingWarmRestarts")) | HUGGING_FACE
"""Their `get_lr` gives the right number, and a warning."""


@final
class GetLrForLogging(SourceRule):
    """``get_lr()`` where ``get_last_lr()`` is meant."""

    code = "GS212"
    name = "get-lr-for-logging"
    finds = "`scheduler.get_lr()` outside a scheduler class."
    why = """`get_lr` is what torch calls inside `step` to work out the next rate. Called from outside it applies the
factor once more: right after a drop at a milestone it shows a tenth of the rate in use. `CyclicLR` even changes the
momentum."""
    example = """print(scheduler.get_lr()[0])"""
    instead = "`print(scheduler.get_last_lr()[0])`"
    fix = "`get_lr` becomes `get_last_lr`."
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
print(sched.get_last_lr(), opt.param_groups[0]["lr"])
""",
        """
from torch.optim.lr_scheduler import LRScheduler
class Twice(LRScheduler):
    def get_lr(self):
        return [2 * lr for lr in self.base_lrs]
    def show(self):
        print(self.get_lr()[0])
""",
        """
class Rates:
    def get_lr(self):
        return [0.1]
scheduler = Rates()
print(scheduler.get_lr()[0])
""",
        """
import torch
from somewhere import WarmupLR
def main(optimizer, warm):
    if warm:
        sched = WarmupLR(optimizer)
    else:
        sched = torch.optim.lr_scheduler.MultiStepLR(optimizer, [30, 60])
    for epoch in range(90):
        train(optimizer)
        sched.step()
        if sched.__class__ == torch.optim.lr_scheduler.MultiStepLR:
            print(sched.get_last_lr()[0])
        elif type(sched) is not torch.optim.lr_scheduler.MultiStepLR:
            print(sched.get_lr()[0])
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
for epoch in range(90):
    for x in loader:
        opt.step()
    print("é", epoch, sched.get_lr()[0])
    sched.step()
""",
        """
def report(writer, scheduler, step):
    writer.add_scalar("lr", scheduler.get_lr()[0], step)
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.events:
            if event.kind != "get_lr" or not isinstance(event.node, ast.Call):
                continue
            value = event.value
            known = isinstance(value, Scheduler) and bool(value.path)
            if not known and not (
                module.is_presumed(value) and isinstance(module.parents.get(event.node), ast.Subscript)
            ):
                continue
            func = event.node.func
            edits: tuple[Edit, ...] = ()
            sure = all(isinstance(each, Scheduler) and each.path for each in module.at_call(event.node))
            if sure and isinstance(func, ast.Attribute) and not event.node.args:
                _, _, line, end = module.text.place(func)
                edits = (Edit(line, end - len("get_lr"), line, end, "get_last_lr"),)
            what = "is not the rate in use: it applies the schedule once more"
            if not known:
                what = "is what torch calls inside `step`, and not the rate in use"
            elif event.value.name in PURE:  # type: ignore[union-attr]
                what = "is what torch calls inside `step`: from outside it warns, every time"
            yield module.at(event.node, f"`{shown(event.node)}` {what}.", "Ask `get_last_lr()`.", edits)
