"""stepped-every-micro-batch: the optimizer waits for several batches, the scheduler does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.counting import counts_batches, length
from ..reading.module import Module
from ..reading.moves import advance, micro_batches
from ..reading.text import num
from ..reading.values import Batches, Scheduler, Unknown
from ..rule import Finding, SourceRule


@final
class SteppedEveryMicroBatch(SourceRule):
    """The optimizer waits for several batches, the scheduler does not."""

    code = "GS216"
    name = "stepped-every-micro-batch"
    finds = """Gradient accumulation, `if i % n == 0: optimizer.step()`, with `scheduler.step()` outside the condition:
it moves n times for one update."""
    why = """A schedule that counts updates is over after an n-th of the run, and its first steps come before the first
update."""
    example = """for i, batch in enumerate(loader):
    if (i + 1) % 8 == 0:
        optimizer.step()
    scheduler.step()"""
    instead = """for i, batch in enumerate(loader):
    if (i + 1) % 8 == 0:
        optimizer.step()
        scheduler.step()"""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for i, x in enumerate(loader):
    if (i + 1) % 8 == 0:
        opt.step()
        sched.step()
""",
        """
import torch
accumulate = 1
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for i, x in enumerate(loader):
    if (i + 1) % accumulate == 0:
        opt.step()
    sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for epoch in range(3):
    for i, x in enumerate(loader):
        if (i + 1) % 8 == 0:
            opt.step()
    sched.step()
""",
    )
    invalid = (
        """
import torch
accumulate = 8
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for i, x in enumerate(loader):
    net(x).backward()
    if (i + 1) % accumulate == 0 or i + 1 == len(loader):
        opt.step()
        opt.zero_grad()
    sched.step()
""",
        """
import torch
from os.path import exists

def run_epoch(loader, optimizer, scheduler, accumulate=1):
    for i, x in enumerate(loader):
        if i % accumulate == 0:
            optimizer.step()
        scheduler.step()

def fit(net, config):
    optimizer = torch.optim.Adam(net.parameters())
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, ramp)
    for epoch in range(8):
        run_epoch(loader, optimizer, scheduler, config["accumulate"])
        run_epoch(loader, Nothing(), Nothing())

if not exists("model.pt"):
    fit(net, {"accumulate": 10})
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.steps():
            value = event.value
            if not isinstance(value, Scheduler) or value.prepared or not event.loops or not event.sure:
                continue
            found = micro_batches(module, event)
            if found is not None and not self._is_as_long(module, value):
                update, every = found
                yield module.at(
                    event.node,
                    f"`{value.name}` is stepped for every batch, the optimizer (line {module.line(update.node)}) "
                    f"once in {num(every)}.",
                    "Step both under the same condition.",
                )

    def _is_as_long(self, module: Module, scheduler: Scheduler) -> bool:
        """Whether the schedule counts batches and is as long as all of them, as far as the text says."""
        planned, moves = length(scheduler), advance(module, scheduler)
        if isinstance(planned, Batches) and planned.factor is not None and moves is not None and moves.epochs:
            return planned.factor >= moves.epochs
        return counts_batches(scheduler) is not None or isinstance(planned, Unknown)
