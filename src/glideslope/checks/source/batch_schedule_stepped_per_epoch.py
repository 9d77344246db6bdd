"""batch-schedule-stepped-per-epoch: a schedule counted in batches moves once an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.counting import counts_batches
from ..reading.module import Module
from ..reading.moves import advance
from ..reading.text import shown
from ..reading.values import Scheduler
from ..rule import Finding, SourceRule


@final
class BatchScheduleSteppedPerEpoch(SourceRule):
    """A schedule counted in batches that moves once an epoch."""

    code = "GS204"
    name = "batch-schedule-stepped-per-epoch"
    finds = """A scheduler whose length is counted in batches (`len(loader)`, `steps_per_epoch`,
`estimated_stepping_batches`) and that is stepped once an epoch; in Lightning, one that is returned without
`"interval": "step"`."""
    why = """The run ends in the first hundredth of the schedule: a one-cycle never leaves its warmup, a cosine stays
at its top."""
    example = """scheduler = OneCycleLR(optimizer, 0.1, epochs=10, steps_per_epoch=len(loader))
for epoch in range(10):
    for batch in loader:
        optimizer.step()
    scheduler.step()"""
    instead = """Step it after every `optimizer.step()`, in the loop over batches; in Lightning return
`{"scheduler": scheduler, "interval": "step"}`."""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, epochs=10, steps_per_epoch=len(loader))
for epoch in range(10):
    for x in loader:
        opt.step()
        sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=10)
for epoch in range(10):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import lightning.pytorch as pl
import torch
class Net(pl.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.SGD(self.parameters(), lr=0.1)
        sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=self.trainer.estimated_stepping_batches)
        return {"optimizer": opt, "lr_scheduler": {"scheduler": sched, "interval": "step"}}
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, epochs=10, steps_per_epoch=len(loader))
for epoch in range(10):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import lightning.pytorch as pl
import torch
class Net(pl.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.SGD(self.parameters(), lr=0.1)
        sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=self.trainer.estimated_stepping_batches)
        return [opt], [sched]
""",
        """
from torch import optim
from torch.utils.data import DataLoader
def main(args):
    data = DataLoader(things)
    opt = optim.Adam(net.parameters())
    sched = optim.lr_scheduler.CosineAnnealingLR(opt, T_max=args.epochs * len(data))
    for epoch in range(args.epochs):
        for x in data:
            opt.step()
        sched.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for each in module.schedulers:
            name = counts_batches(each)
            moves = advance(module, each) if name else None
            if name and moves is not None and moves.per == "epoch" and moves.every == 1:
                yield module.at(
                    moves.event.node,
                    f"`{each.name}` counts batches ({self._argument(each, name)}), but it is stepped once an epoch, in "
                    f"the loop of line {module.line(moves.loop.node)}.",
                    "Step it after every `optimizer.step()`, in the loop over batches.",
                )
        for handed in module.lightning:
            name = counts_batches(handed.scheduler)
            if name and handed.interval == "epoch" and handed.frequency == 1:
                yield module.at(
                    handed.scheduler.node,
                    f"`{handed.scheduler.name}` counts batches ({self._argument(handed.scheduler, name)}), but "
                    "Lightning steps it once an epoch, which is what it does where nothing else is said.",
                    'Return {"scheduler": ..., "interval": "step"}.',
                )

    def _argument(self, scheduler: Scheduler, name: str) -> str:
        node = scheduler.nodes.get(name)
        return f"`{name}={shown(node)}`" if node is not None else f"`{name}`"
