"""milestone-never-reached: a drop that lies past the end of the training loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.module import Module
from ..reading.moves import runs
from ..reading.text import num
from ..reading.values import Scheduler, number, numbers
from ..rule import Finding, SourceRule

TOY = 2
"""A loop of so few turns is a demonstration, not a run."""


@final
class MilestoneNeverReachedInSource(SourceRule):
    """A drop that lies past the end of the training loop."""

    code = "GS205"
    name = "milestone-never-reached"
    finds = """A milestone, or a first drop of `StepLR`, that the training loop in the same file never comes to."""
    why = """The drop that was planned there never happens: the training ends at a rate that is, as a rule, ten
times too high, and nothing says so."""
    example = """scheduler = MultiStepLR(optimizer, milestones=[30, 60, 100])
for epoch in range(90):
    ...
    scheduler.step()"""
    instead = """Milestones inside the loop, or computed from its length: `[epochs // 3, 2 * epochs // 3]`."""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60, 90])
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
epochs = 100
if big:
    epochs = 300
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [100, 200])
for epoch in range(epochs):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 1000, gamma=0.5)
for epoch in range(20):
    for x in loader:
        opt.step()
        sched.step()
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, milestones=[30, 100], gamma=0.2)
for epoch in range(50):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import argparse
from torch import optim
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()
    opt = optim.Adam(net.parameters())
    sched = optim.lr_scheduler.StepLR(opt, step_size=30)
    for epoch in range(1, args.epochs + 1):
        for x in loader:
            opt.step()
        sched.step()
""",
        """
import pytorch_lightning as pl
from torch import optim
class Net(pl.LightningModule):
    def configure_optimizers(self):
        opt = optim.Adam(self.parameters())
        return [opt], [optim.lr_scheduler.StepLR(opt, step_size=100)]
trainer = pl.Trainer(max_epochs=30)
trainer.fit(Net(), loader)
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for run in runs(module):
            late = self._late(run.scheduler, run.turns)
            if late and run.turns > TOY:
                yield module.at(
                    run.scheduler.node,
                    f"{late} never reached: {run.where}.",
                    "Take it out, or move it before the end.",
                )

    def _late(self, scheduler: Scheduler, turns: float) -> str:
        if scheduler.name == "StepLR":
            size = number(scheduler.args.get("step_size"))
            return f"the first drop, at `step_size={num(size)}`, is" if size is not None and size >= turns else ""
        has_milestones = scheduler.name in ("MultiStepLR", "SequentialLR")
        milestones = numbers(scheduler.args.get("milestones")) if has_milestones else None
        if not milestones:
            return ""
        late = [each for each in milestones if each > turns] or (milestones if min(milestones) >= turns else [])
        listed = ", ".join(num(each) for each in late)
        return f"milestone {listed} is" if len(late) == 1 else f"milestones {listed} are" if late else ""
