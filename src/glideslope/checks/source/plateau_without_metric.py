"""plateau-without-metric: ``ReduceLROnPlateau.step()`` without the number it watches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ..reading.module import Module
from ..reading.text import shown
from ..reading.values import Scheduler
from ..rule import Finding, SourceRule


@final
class PlateauWithoutMetric(SourceRule):
    """``ReduceLROnPlateau.step()`` without the number it watches."""

    code = "GS208"
    name = "plateau-without-metric"
    severity = "error"
    finds = """`step()` of a `ReduceLROnPlateau` without an argument, or one that is given to Lightning without a
`"monitor"`."""
    why = "Both raise an error: torch's at the first call, Lightning's before the first epoch."
    example = """scheduler = ReduceLROnPlateau(optimizer)
for epoch in range(90):
    ...
    scheduler.step()"""
    instead = """`scheduler.step(val_loss)`; in Lightning `{"scheduler": scheduler, "monitor": "val_loss"}`."""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(metrics=evaluate(net))
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
if plateau:
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
else:
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
for epoch in range(90):
    for x in loader:
        opt.step()
    if plateau:
        sched.step(evaluate(net))
    else:
        sched.step()
""",
    )
    invalid = (
        """
from torch import optim
def main(net, loader):
    opt = optim.SGD(net.parameters(), lr=0.1)
    sched = optim.lr_scheduler.ReduceLROnPlateau(opt, patience=3)
    for epoch in range(90):
        for x in loader:
            opt.step()
        sched.step()
""",
        """
import lightning as L
import torch
class Net(L.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters())
        return {"optimizer": opt, "lr_scheduler": torch.optim.lr_scheduler.ReduceLROnPlateau(opt)}
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.steps():
            plateau, call = event.value, event.node
            if not isinstance(plateau, Scheduler) or not isinstance(call, ast.Call) or call.args or call.keywords:
                continue
            if module.only(event, "ReduceLROnPlateau") and not module.is_dispatched(event):
                yield module.at(
                    call,
                    f"`{shown(call)}` lacks the number that `ReduceLROnPlateau` (line {module.line(plateau.node)}) "
                    "watches.",
                    "Give it the metric of the epoch.",
                )
        for handed in module.lightning:
            if handed.scheduler.name == "ReduceLROnPlateau" and not handed.watched:
                yield module.at(
                    handed.scheduler.node,
                    "`ReduceLROnPlateau` is given to Lightning without a metric to watch.",
                    'Return {"scheduler": ..., "monitor": "val_loss"}.',
                )
