"""plateau-mode-contradicts-metric: ``mode="min"`` for an accuracy, or ``mode="max"`` for a loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.metrics import name_of
from ..reading.module import Module
from ..reading.values import Const, Scheduler
from ..rule import Finding, SourceRule


@final
class PlateauModeContradictsMetric(SourceRule):
    """``mode="min"`` for an accuracy, or ``mode="max"`` for a loss."""

    code = "GS210"
    name = "plateau-mode-contradicts-metric"
    finds = """A `ReduceLROnPlateau` that waits for its metric to fall (`mode="min"`, the default) and is given an
accuracy or another score, or one with `mode="max"` that is given a loss."""
    why = """Every improvement counts as a bad epoch: the rate is cut while training goes well, and kept while it goes
badly."""
    example = """scheduler = ReduceLROnPlateau(optimizer)
scheduler.step(val_accuracy)"""
    instead = """`ReduceLROnPlateau(optimizer, mode="max")`."""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, "max")
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(val_acc)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(1 - val_acc)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, mode=mode)
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(val_acc)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
for epoch in range(90):
    for x in loader:
        opt.step()
    acc = -measure(net)
    sched.step(acc)
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=5)
for epoch in range(90):
    for x in loader:
        opt.step()
    val_acc = measure(net)
    sched.step(val_acc)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, mode="max")
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(history["valLoss"][-1])
""",
        """
import lightning as L
import torch
class Net(L.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters())
        sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=2)
        return {"optimizer": opt, "lr_scheduler": {"scheduler": sched, "monitor": "val_accuracy"}}
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.steps():
            value = event.value
            if not isinstance(value, Scheduler) or value.name != "ReduceLROnPlateau":
                continue
            node = (
                event.nodes[0]
                if event.nodes
                else next((each.value for each in getattr(event.node, "keywords", ())), None)
            )
            name = name_of(node) if node is not None else ""
            if name:
                yield from self._compare(module, value, name, event.node)
        for handed in module.lightning:
            if handed.scheduler.name == "ReduceLROnPlateau" and handed.monitor:
                yield from self._compare(module, handed.scheduler, handed.monitor, handed.scheduler.node)

    def _compare(self, module: Module, plateau: Scheduler, name: str, node: Any) -> Iterator[Finding]:
        mode, right = plateau.args.get("mode"), module.direction(name)
        if isinstance(mode, Const) and mode.value in ("min", "max") and right not in (None, mode.value):
            waits, means = ("fall", "rises") if mode.value == "min" else ("rise", "falls")
            yield module.at(
                node,
                f'`ReduceLROnPlateau` has mode="{mode.value}", so it waits for `{name}` to {waits}, and that {means} '
                "when training goes well.",
                f'Build it with mode="{right}".',
            )
