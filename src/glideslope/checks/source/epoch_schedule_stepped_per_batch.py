"""epoch-schedule-stepped-per-batch: a schedule counted in epochs moves once a batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.counting import length, steps_to
from ..reading.module import Module
from ..reading.moves import advance
from ..reading.text import num, words
from ..reading.values import Scheduler, Unknown, Value, number, numbers
from ..rule import Finding, SourceRule

SOON = 300
"""Batches within which no schedule of a run of several epochs is meant to end."""


@final
class EpochScheduleSteppedPerBatch(SourceRule):
    """A schedule counted in epochs that moves once a batch."""

    code = "GS203"
    name = "epoch-schedule-stepped-per-batch"
    finds = """A scheduler that is stepped in the loop over batches although its numbers count epochs: its length is
the number of epochs, its milestones lie among them, or it falls to a thousandth within a few hundred batches."""
    why = """The whole schedule is over within the first epoch. A staircase then trains at next to nothing; a cosine
swings up and down."""
    example = """scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
for epoch in range(epochs):
    for batch in loader:
        optimizer.step()
        scheduler.step()"""
    instead = """Step it once an epoch, after the loop over batches; or count in batches:
`T_max=epochs * len(loader)`."""
    valid = (
        """
import torch
epochs = 20
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs * len(loader))
for epoch in range(epochs):
    for x in loader:
        opt.step()
        sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 2000, gamma=0.5)
for epoch in range(20):
    for x in loader:
        opt.step()
        sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99999)
for epoch in range(20):
    for x in loader:
        opt.step()
        sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 1, gamma=0.5)
for epoch in range(10):
    for i, x in enumerate(loader):
        opt.step()
        if i == len(loader) - 1:
            sched.step()
""",
    )
    invalid = (
        """
import torch
from torch.utils.data import DataLoader
def one_epoch(net, data, opt, sched):
    for x in data:
        opt.step()
        sched.step()
data = DataLoader(things, batch_size=32)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.1)
for epoch in range(6):
    one_epoch(net, data, opt, sched)
""",
        """
import torch
num_epochs = 50
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=num_epochs)
for epoch in range(num_epochs):
    for i, x in enumerate(train_loader):
        opt.step()
        sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60, 80])
for epoch in range(90):
    for x in train_loader:
        opt.step()
        sched.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for each in module.schedulers:
            moves = advance(module, each)
            if moves is None or moves.per != "batch" or len(moves.loops) < 2 or moves.every != 1:
                continue
            reason = self._reason(each, moves.epochs, moves.loops[-2].stop)
            if reason:
                yield module.at(
                    moves.event.node,
                    f"`{each.name}` is stepped once a batch, in the loop of line {module.line(moves.loop.node)}, but "
                    f"{reason}.",
                    "Step it once an epoch, after the loop over batches.",
                )

        for handed in module.lightning:
            if handed.interval == "step" and handed.frequency == 1:
                reason = self._reason(handed.scheduler, handed.epochs, None)
                if reason:
                    yield module.at(
                        handed.scheduler.node,
                        f'`{handed.scheduler.name}` is given to Lightning with "interval": "step", but {reason}.',
                        'Leave "interval" at "epoch".',
                    )

    def _reason(self, scheduler: Scheduler, epochs: float | None, loop: Value | None) -> str:
        planned = length(scheduler) if scheduler.name in ("CosineAnnealingLR", "OneCycleLR", "SequentialLR") else None
        total = number(planned)
        if total is not None and total == epochs and total > 1:
            return f"its length is the number of epochs, {num(total)}"
        if scheduler.name == "CosineAnnealingLR" and planned is not None:
            named = isinstance(planned, Unknown) and "epochs" in words(planned.name)
            if named or (loop is not None and planned is loop):
                return "its length is the number of epochs"
        milestones = numbers(scheduler.args.get("milestones")) if scheduler.name == "MultiStepLR" else None
        if milestones and epochs is not None and max(milestones) <= epochs:
            return f"its milestones, up to {num(max(milestones))}, lie among the {num(epochs)} epochs"
        soon = steps_to(scheduler, 1e-3)
        if soon is not None and soon <= SOON and epochs != 1:
            return f"at that pace it is at a thousandth after {num(soon)} batches"
        return ""
