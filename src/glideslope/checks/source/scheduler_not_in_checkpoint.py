"""scheduler-not-in-checkpoint: the optimizer is saved and restored, the scheduler is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.checkpoints import holds, is_restored, saves
from ..reading.module import Module
from ..reading.values import options
from ..rule import Finding, SourceRule


@final
class SchedulerNotInCheckpoint(SourceRule):
    """The optimizer is saved and restored, the scheduler is not."""

    code = "GS214"
    name = "scheduler-not-in-checkpoint"
    finds = """A checkpoint, written in the training loop, with the state of the optimizer and without that of its
scheduler, in a file that also loads the optimizer's state back. A run that is never resumed loses nothing and is not
reported."""
    why = """The resumed run starts the schedule again from the beginning, at the rate where the optimizer was
stopped: milestones come late, a warmup comes twice."""
    example = """torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict()}, path)"""
    instead = """torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict()}, path)
...
scheduler.load_state_dict(checkpoint["scheduler"])"""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step()
    torch.save({"opt": opt.state_dict()}, "last.pt")
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
if resume:
    state = torch.load("last.pt")
    opt.load_state_dict(state["opt"])
    sched.load_state_dict(state["sched"])
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step()
    torch.save({"opt": opt.state_dict(), "sched": sched.state_dict()}, "last.pt")
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
start = 0
if resume:
    state = torch.load("last.pt")
    opt.load_state_dict(state["opt"])
    start = state["epoch"]
sched = torch.optim.lr_scheduler.StepLR(opt, 30, last_epoch=start - 1)
for epoch in range(start, 90):
    for x in loader:
        opt.step()
    sched.step()
    torch.save({"opt": opt.state_dict(), "epoch": epoch}, "last.pt")
""",
    )
    invalid = (
        """
import torch
from somewhere import build_optimizer, load_checkpoint, save_checkpoint, train
def main(cfg):
    optimizer = build_optimizer(net)
    start = cfg.begin
    if cfg.resume:
        start, net, optimizer = load_checkpoint(net, optimizer, cfg.out)
    sched = torch.optim.lr_scheduler.MultiStepLR(optimizer, cfg.milestones)
    for epoch in range(start, cfg.end):
        train(net, optimizer)
        sched.step()
        save_checkpoint({"epoch": epoch + 1, "net": net.state_dict(), "optimizer": optimizer.state_dict()}, cfg.out)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
start = 0
if resume:
    state = torch.load("last.pt")
    opt.load_state_dict(state["opt"])
    start = state["epoch"]
for epoch in range(start, 90):
    for x in loader:
        opt.step()
    sched.step()
    torch.save({"opt": opt.state_dict(), "epoch": epoch}, "last.pt")
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for scheduler in module.schedulers:
            if is_restored(module, scheduler) or not module.steps_of(scheduler):
                continue
            if scheduler.name == "ReduceLROnPlateau":
                continue  # the rate is in the optimizer; it only forgets its best metric
            for optimizer in options(scheduler.optimizer):
                loads = [event for event in module.events if event.kind == "load" and event.value is optimizer]
                if not loads or any(set(event.loops) & set(loads[0].loops) for event in module.steps_of(scheduler)):
                    continue  # never, or to go back within a run
                for event, table in list(saves(module, optimizer))[:1]:
                    if not any(holds(table, each) for each in module.schedulers):
                        yield module.at(
                            table.node or event.node,
                            f"the state of the optimizer is saved and loaded again, that of its `{scheduler.name}` "
                            f"(line {module.line(scheduler.node)}) is not: a resumed run starts the schedule anew.",
                            "Save and load `scheduler.state_dict()`, too.",
                        )
