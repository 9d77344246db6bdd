"""metric-to-non-plateau: a metric is given to a scheduler that takes it for an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.metrics import direction, is_metric, name_of
from ..reading.module import Module
from ..reading.text import shown
from ..reading.values import Scheduler
from ..rule import Finding, SourceRule


@final
class MetricToNonPlateau(SourceRule):
    """A metric given to a scheduler that takes it for an epoch."""

    code = "GS209"
    name = "metric-to-non-plateau"
    finds = "`step(loss)` of a scheduler other than `ReduceLROnPlateau`."
    why = """The argument of `step` is the epoch there. A loss of 0.7 sets the schedule back to its beginning, every
time."""
    example = """scheduler = StepLR(optimizer, step_size=30)
scheduler.step(val_loss)"""
    instead = "`scheduler.step()`; or `ReduceLROnPlateau`, if the metric is to decide."
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(val_loss)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, 10)
for epoch in range(90):
    for i, x in enumerate(loader):
        opt.step()
        sched.step(epoch + i / len(loader))
""",
        """
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau, StepLR
def main(args):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    sched = ReduceLROnPlateau(opt) if args.plateau else StepLR(opt, 30)
    for epoch in range(90):
        for x in loader:
            opt.step()
        if isinstance(sched, ReduceLROnPlateau):
            sched.step(val_loss)
        else:
            sched.step()
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
    val_loss = evaluate(net)
    sched.step(val_loss)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
for epoch in range(90):
    epoch_loss = 0.0
    for x in loader:
        opt.step()
        epoch_loss += net(x).item()
    sched.step(epoch_loss / len(loader))
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.steps():
            value = event.value
            if not isinstance(value, Scheduler) or not value.path or value.name == "ReduceLROnPlateau":
                continue
            if module.may_be_plateau(event) or module.is_dispatched(event):
                continue
            keywords = [each.value for each in getattr(event.node, "keywords", ()) if each.arg == "metrics"]
            given = keywords or [each for each in event.nodes[:1] if is_metric(name_of(each))]
            if value.name == "CosineAnnealingWarmRestarts" and given and direction(name_of(given[0])) is None:
                continue  # a fraction of an epoch
            if given and len(event.nodes) <= 1:
                yield module.at(
                    event.node,
                    f"`{value.name}` takes `{shown(given[0])}` for the number of an epoch."
                    if not keywords
                    else f"`{value.name}.step` has no argument `metrics`: this is a TypeError.",
                    "Call `step()` without it; only `ReduceLROnPlateau` watches a metric.",
                )
