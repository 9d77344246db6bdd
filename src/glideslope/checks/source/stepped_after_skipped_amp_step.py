"""stepped-after-skipped-amp-step: a gradient scaler may have skipped the optimizer's step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.module import Module, is_const
from ..reading.values import Scaler, Scheduler
from ..rule import Finding, SourceRule


@final
class SteppedAfterSkippedAmpStep(SourceRule):
    """A scheduler stepped although the gradient scaler may have skipped the optimizer's step."""

    code = "GS217"
    name = "stepped-after-skipped-amp-step"
    severity = "info"
    finds = """`scaler.step(optimizer)` followed in the same loop over batches by `scheduler.step()`, whatever the
scaler has done."""
    why = """The scaler skips the first updates, until it has found a scale, and some later ones. Each time the schedule
runs one step ahead of the training, and torch warns of a wrong order of the calls. It is a small error; a warmup of a
few dozen steps feels it."""
    example = """scaler.step(optimizer)
scaler.update()
scheduler.step()"""
    instead = """scale = scaler.get_scale()
scaler.step(optimizer)
scaler.update()
if scaler.get_scale() >= scale:
    scheduler.step()"""
    valid = (
        """
import torch
scaler = torch.amp.GradScaler()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for x in loader:
    scale = scaler.get_scale()
    scaler.step(opt)
    scaler.update()
    if scaler.get_scale() >= scale:
        sched.step()
""",
        """
import torch
scaler = torch.amp.GradScaler()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99)
for epoch in range(20):
    for x in loader:
        scaler.step(opt)
        scaler.update()
    sched.step()
""",
        """
import torch
scaler = torch.amp.GradScaler(enabled=False)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for x in loader:
    scaler.step(opt)
    scaler.update()
    sched.step()
""",
    )
    invalid = (
        """
import torch
scaler = torch.cuda.amp.GradScaler()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for i, x in enumerate(loader):
    scaler.scale(net(x)).backward()
    if (i + 1) % 4 == 0:
        scaler.step(opt)
        scaler.update()
        sched.step()
""",
        """
import torch
from torch.cuda.amp import GradScaler
scaler = GradScaler()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.LambdaLR(opt, ramp)
for x in loader:
    scaler.scale(net(x)).backward()
    scaler.step(opt)
    scaler.update()
    sched.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.steps():
            value = event.value
            if not isinstance(value, Scheduler) or value.prepared or not event.loops:
                continue
            for each in module.steps():
                if each.via != "scaler" or each.loops != event.loops or not module.drives(value, each.value):
                    continue
                scaler = each.args[0] if each.args else None
                together = each.guards == event.guards or (each.sure and event.sure)
                if not isinstance(scaler, Scaler) or is_const(scaler.enabled, False) or not together:
                    continue
                if module.order[each] < module.order[event]:
                    yield module.at(
                        event.node,
                        f"`{value.name}` is stepped even when the scaler (line {module.line(each.node)}) has skipped "
                        "the update.",
                        "Step it only if the scale has not fallen: `if scaler.get_scale() >= scale`.",
                    )
                    break
