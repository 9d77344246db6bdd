"""horizon-mismatch: a schedule whose length is not that of the training loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.counting import LENGTHS, counts_batches, last_part, length, stays
from ..reading.module import Module
from ..reading.moves import advance, micro_batches, runs
from ..reading.text import num
from ..reading.values import Batches, Scheduler, number
from ..rule import Finding, SourceRule

EARLY = 0.75
"""A schedule of which the run sees less than this share is not cut on purpose."""
LATE = 1.05
"""A run that is longer than its schedule by no more than this share has a margin."""


@final
class HorizonMismatch(SourceRule):
    """A schedule whose length is not that of the training loop."""

    code = "GS207"
    name = "horizon-mismatch"
    finds = """A schedule with a length (`T_max`, `total_steps`, `total_iters`, `num_training_steps`) that differs
from the number of times the training loop in the same file steps it: it ends early, or it is cut off. Accumulation is
counted. A small margin, and a cosine that swings several times, are fine."""
    why = """A cosine past `T_max` rises again; `OneCycleLR` past its end raises an error; a linear schedule stays at
zero. One that is cut off never gets to the low rates that it is for."""
    example = """scheduler = CosineAnnealingLR(optimizer, T_max=100)
for epoch in range(150):
    ...
    scheduler.step()"""
    instead = """One name for both: `T_max=epochs` and `range(epochs)`; with accumulation,
`T_max=epochs * len(loader) // accumulate`."""
    valid = (
        """
import torch
epochs = 100
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=epochs)
for epoch in range(epochs):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=10)
for epoch in range(100):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
epochs, accumulate = 10, 4
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=epochs * len(loader) // accumulate + 1)
for epoch in range(epochs):
    for i, x in enumerate(loader):
        if (i + 1) % accumulate == 0:
            opt.step()
            sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=1100)
for step in range(1000):
    opt.step()
    sched.step()
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=100)
for epoch in range(150):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
epochs, accumulate = 10, 4
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=epochs * len(loader))
for epoch in range(epochs):
    for i, x in enumerate(loader):
        if (i + 1) % accumulate == 0:
            opt.step()
            sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, epochs=10, steps_per_epoch=len(loader))
for epoch in range(20):
    for x in loader:
        opt.step()
        sched.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for run in runs(module):
            if run.per == "epoch" and counts_batches(run.scheduler):
                continue  # batch-schedule-stepped-per-epoch says it
            planned = number(length(run.scheduler)) if run.scheduler.name != "CyclicLR" else None
            if planned is not None and run.turns > 4:
                text = f"it is {num(planned)} steps long; {run.where}"
                yield from self._compare(module, run.scheduler, planned, run.turns, text, run.uncut)
        for each in module.schedulers:
            planned_batches = length(each)
            counted = isinstance(planned_batches, Batches) and each.name != "CyclicLR" and not each.prepared
            moves = advance(module, each) if counted else None
            if moves is None or not isinstance(planned_batches, Batches) or moves.per != "batch" or not moves.epochs:
                continue
            if micro_batches(module, moves.event) is not None:
                continue  # stepped-every-micro-batch says it
            same = moves.loop.over is planned_batches.loader
            if not same or planned_batches.factor is None or not moves.every:
                continue
            epochs = moves.epochs / moves.every
            text = (
                f"it is {num(planned_batches.factor)} × `len({planned_batches.name})` steps long, and the loop of line "
                f"{module.line(moves.loop.node)} makes {num(epochs)} × `len({planned_batches.name})`"
            )
            yield from self._compare(module, each, planned_batches.factor, epochs, text, moves.uncut)

    def _compare(
        self, module: Module, scheduler: Scheduler, planned: float, real: float, text: str, uncut: bool
    ) -> Iterator[Finding]:
        if planned <= 0:
            return
        share, name = real / planned, scheduler.name
        if name == "SequentialLR" and (last := last_part(scheduler)) is not None:
            if real <= last[1]:
                return  # milestone-never-reached says it
            name, share = last[0].name, (real - last[1]) / (planned - last[1]) if planned > last[1] else share
        if name == "CosineAnnealingLR" and share > 2:
            return  # meant to swing
        if real / planned < EARLY:
            what = f"ends at {num(round(100 * real / planned))}% of its schedule"
        elif uncut and not stays(scheduler) and share > (1 if name == "OneCycleLR" else LATE):
            what = {
                "CosineAnnealingLR": "rises again before the end",
                "OneCycleLR": "is stepped past its end, which is an error",
            }.get(name, "has come to its end before the run has")
        else:
            return
        argument = LENGTHS.get(scheduler.name)
        if scheduler.name == "OneCycleLR" and "total_steps" not in scheduler.nodes:
            argument = "epochs"
        yield module.at(
            scheduler.node,
            f"`{scheduler.name}` {what}: {text}.",
            f"Give it the length of the run: `{argument}`." if argument else "Give its last part the rest of the run.",
        )
