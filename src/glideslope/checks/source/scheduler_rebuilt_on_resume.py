"""scheduler-rebuilt-on-resume: the run goes on where it stopped, its schedule starts anew."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ..reading.checkpoints import holds, is_restored, saves
from ..reading.loops import Loop
from ..reading.module import Module
from ..reading.values import Scheduler, options
from ..rule import Finding, SourceRule


@final
class SchedulerRebuiltOnResume(SourceRule):
    """The run goes on where it stopped, its schedule starts anew."""

    code = "GS215"
    name = "scheduler-rebuilt-on-resume"
    finds = """A loop that starts at the epoch of a checkpoint and ends where a fresh run would, with a scheduler that
starts at 0 either way; or a scheduler that is replaced by one out of a checkpoint, which belongs to another
optimizer."""
    why = """The resumed run has fewer epochs left than the schedule has: the rate jumps back to its start and never
gets to the low end. A scheduler that was pickled whole drives its own copy of the optimizer, and the one in use keeps
its rate for ever."""
    example = """start = checkpoint["epoch"]
scheduler = CosineAnnealingLR(optimizer, T_max=90)
for epoch in range(start, 90):
    ..."""
    instead = """scheduler = CosineAnnealingLR(optimizer, T_max=90)
scheduler.load_state_dict(checkpoint["scheduler"])"""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
start = 0
if resume:
    state = torch.load("last.pt")
    net.load_state_dict(state["net"])
    start = state["epoch"]
    for _ in range(start):
        sched.step()
for epoch in range(start, 90):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
start = 0
if resume:
    state = torch.load("last.pt")
    net.load_state_dict(state["net"])
    start = state["epoch"]
for epoch in range(start, start + 90):
    for x in loader:
        opt.step()
    sched.step()
""",
    )
    invalid = (
        """
import torch
start = 0
if resume:
    state = torch.load("last.pt")
    net.load_state_dict(state["net"])
    start = state["epoch"]
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
for epoch in range(start, 90):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
if resume:
    state = torch.load("last.pt")
    opt.load_state_dict(state["opt"])
    sched = state["sched"]
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.events:
            if event.kind == "replace" and isinstance(event.value, Scheduler) and not event.loops:
                if any(each.kind == "replace" and each.value is event.value.optimizer for each in module.events):
                    continue  # the pair was pickled together
                yield module.at(
                    event.node,
                    f"the `{event.value.name}` of line {module.line(event.value.node)} is replaced by one out of a "
                    "checkpoint, which drives its own copy of the optimizer.",
                    "Save its `state_dict()`, and load that.",
                )
        for each in module.schedulers:
            if each.name == "ReduceLROnPlateau" or is_restored(module, each):
                continue
            loop = self._resumed(module, each)
            if loop is not None and not self._said(module, each):
                yield module.at(
                    each.node,
                    f"`{each.name}` starts at 0 although the loop of line {module.line(loop.node)} may go on from a "
                    "checkpoint: the rate jumps back.",
                    "Save and load its `state_dict()`.",
                )

    def _resumed(self, module: Module, scheduler: Scheduler) -> Loop | None:
        """The outermost loop around its steps, where that goes on from something that was loaded."""
        depth = len(scheduler.loops)
        loops = [event.loops[depth] for event in module.steps_of(scheduler) if len(event.loops) > depth]
        loop = loops[0] if loops else None
        if loop is None or not loop.resumes or not any(event.kind == "load" for event in module.events):
            return None
        if isinstance(loop.node, ast.While):
            return loop
        arguments = _range_arguments(loop)
        if len(arguments) < 2:
            return None
        start, stop = ({each.id for each in ast.walk(node) if isinstance(each, ast.Name)} for node in arguments[:2])
        attributes = {each.attr for each in ast.walk(arguments[0]) if isinstance(each, ast.Attribute)}
        later = {each.attr for each in ast.walk(arguments[1]) if isinstance(each, ast.Attribute)}
        same = attributes & later if attributes else start & stop
        return None if same else loop

    def _said(self, module: Module, scheduler: Scheduler) -> bool:
        """Whether scheduler-not-in-checkpoint says it."""
        return any(
            not holds(table, scheduler)
            for optimizer in options(scheduler.optimizer)
            if any(event.kind == "load" and event.value is optimizer for event in module.events)
            for _, table in saves(module, optimizer)
        )


def _range_arguments(loop: Loop) -> list[ast.expr]:
    node = getattr(loop.node, "iter", None)
    for _ in range(4):
        if not isinstance(node, ast.Call):
            return []
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in ("range", "trange"):
            return node.args
        node = node.args[0] if node.args else None
    return []
