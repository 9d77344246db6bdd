"""scheduler-before-optimizer: the scheduler is stepped first in a loop, the optimizer after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ..diagnostic import Edit
from ..reading.conditions import exclude
from ..reading.events import Event, Guard
from ..reading.module import Module
from ..reading.text import shown
from ..reading.values import Scheduler, is_optimizer
from ..rule import Finding, SourceRule


@final
class SchedulerBeforeOptimizer(SourceRule):
    """``scheduler.step()`` before ``optimizer.step()``."""

    code = "GS201"
    name = "scheduler-before-optimizer"
    finds = """A loop in which the scheduler is stepped before the optimizer: at the top of the epoch, or one line too
early in the loop over batches."""
    why = """The first value of the schedule is never used, and everything after it comes one step too early: a warmup
starts at its second value, a milestone at 30 drops the rate at 29. Torch warns about it once, in the middle of the
log."""
    example = """for epoch in range(90):
    scheduler.step()
    train(optimizer)"""
    instead = """for epoch in range(90):
    train(optimizer)
    scheduler.step()"""
    fix = "Two calls that stand on neighbouring lines change places."
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
for epoch in range(90):
    for x, y in loader:
        opt.zero_grad()
        net(x).sum().backward()
        opt.step()
    sched.step()
""",
        """
def fit(net, optimizer, scheduler, loader):
    for epoch in range(10):
        if epoch > 0:
            scheduler.step()
        for x in loader:
            net(x).backward()
            optimizer.step()
""",
        """
from somewhere import train
def fit(optimizer, lr_scheduler):
    for epoch in range(10):
        lr_scheduler.step()
        train(optimizer)
""",
        """
def sample(model, noise_scheduler, optimizer, loader):
    for x in loader:
        noise_scheduler.step()
        optimizer.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
opt.step()
for epoch in range(90):
    sched.step()
    for x in loader:
        opt.step()
""",
        """
def fine_tune(net, optimizer, scheduler, loader, epochs):
    scheduler.step()
    for x in loader:
        net(x).backward()
        optimizer.step()
""",
    )
    invalid = (
        """
class Trainer:
    def __init__(self, net, optimizer, scheduler=None):
        self.net, self.optimizer, self.scheduler = net, optimizer, scheduler

    def train_epoch(self, loader):
        if self.scheduler is not None:
            self.scheduler.step()
        for x in loader:
            self.net(x).backward()
            self.optimizer.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
for epoch in range(90):
    sched.step()
    for x, y in loader:
        net(x).sum().backward()
        opt.step()
""",
        """
def fit(net, optimizer, scheduler, loader):
    for epoch in range(10):
        scheduler.step()
        run_epoch(net, optimizer, loader)

def run_epoch(net, optimizer, loader):
    for x in loader:
        net(x).backward()
        optimizer.step()
""",
        """
from torch import optim
from torch.optim import lr_scheduler as schedules

class Trainer:
    def __init__(self, net, steps):
        self.net = net
        self.opt = optim.AdamW(net.parameters())
        self.schedule = schedules.LambdaLR(self.opt, lambda step: min(1.0, step / 1000))

    def fit(self, loader):
        for x in loader:
            self.net(x).backward()
            self.schedule.step()
            self.opt.step()
            self.opt.zero_grad()
""",
        """
import torch.optim as optim
def main(net, loaders):
    optimizer = optim.SGD(net.parameters(), lr=0.01)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=7)
    for epoch in range(25):
        for phase in ["train", "val"]:
            if phase == "train":
                scheduler.step()
            for x in loaders[phase]:
                if phase == "train":
                    net(x).backward()
                    optimizer.step()
""",
        """
import torch
from apex import amp
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)
net, optimizer = amp.initialize(net, optimizer, opt_level="O1")
for epoch in range(90):
    scheduler.step()
    for x in loader:
        with amp.scale_loss(net(x), optimizer) as loss:
            loss.backward()
        optimizer.step()
""",
        """
import torch
import horovod.torch as hvd
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
opt = hvd.DistributedOptimizer(opt, named_parameters=net.named_parameters())
for epoch in range(90):
    sched.step()
    for x in loader:
        x = x.cuda(async=True)
        opt.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        steps = list(module.steps())
        for early in steps:
            if early.args or not module.is_scheduler(early.value):
                continue
            epoch = module.is_epoch(early) if not early.loops and all(map(_is_presence, early.guards)) else ""
            if not early.loops and not epoch:
                continue
            scheduler = early.value
            if isinstance(scheduler, Scheduler) and (
                scheduler.name == "ReduceLROnPlateau"
                or (scheduler.root == early.root if epoch else len(early.loops) <= len(scheduler.loops))
            ):
                continue
            if any(exclude(early.guards, each.guards) for each in module.steps_of(scheduler) if each is not early):
                continue  # an option decides when it is stepped
            late = self._late(module, early, steps)
            if late is not None and (not epoch or (len(late.loops) == 1 and late.loops[0].over_batches)):
                where = f"`{epoch}`" if epoch else f"the loop of line {module.line(early.loops[-1].node)}"
                one, two = shown(early.node.func), shown(late.node.func)  # type: ignore[attr-defined]
                yield module.at(
                    early.node,
                    f"`{one}()` runs before `{two}()` (line {module.line(late.node)}) in {where}: "
                    "the schedule is one step early all along.",
                    "Step the scheduler after the optimizer.",
                    _swap(module, early, late),
                )

    def _late(self, module: Module, early: Event, steps: list[Event]) -> Event | None:
        """The first step of the optimizer after the scheduler's, where nothing before it may have been one."""
        depth, at = len(early.loops), module.order[early]
        late = [
            each
            for each in steps
            if module.drives(early.value, each.value) and each.root == early.root and each is not early
        ]
        if any(module.order[each] < at for each in late):
            return None
        late = [each for each in late if each.loops[:depth] == early.loops and _follows(early, each)]
        if not late or not is_optimizer(late[0].value) or self._unseen(module, early):
            return None
        if any(guard.every is not None and guard.every > 1 and guard not in early.guards for guard in late[0].guards):
            return None  # stepped-every-micro-batch says it
        return late[0]

    def _unseen(self, module: Module, early: Event) -> bool:
        """Whether the optimizer went out of sight in the loop before: it may have been stepped there."""
        depth = len(early.loops)
        return any(
            each.kind == "handover" and each.root == early.root and module.drives(early.value, each.value)
            and each.loops[:depth] == early.loops and module.order[each] < module.order[early]
            for each in module.events
        )  # fmt: skip


def _is_presence(guard: Guard) -> bool:
    """``if scheduler is not None``: what holds in one call of a function holds in all of them."""
    test = getattr(guard.node, "test", None)
    if isinstance(test, ast.Compare):
        return isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value is None
    return isinstance(test, (ast.Name, ast.Attribute)) and "sched" in ast.unparse(test).lower()


def _follows(early: Event, late: Event) -> bool:
    """Whether the late one happens in every turn in which the early one does."""
    tests = {(ast.dump(guard.node.test), guard.arm) for guard in late.guards if hasattr(guard.node, "test")}
    return all(
        guard.once or (hasattr(guard.node, "test") and (ast.dump(guard.node.test), guard.arm) in tests)
        for guard in early.guards
    ) and not any(
        ours.node is theirs.node and ours.arm != theirs.arm for ours in early.guards for theirs in late.guards
    )


def _swap(module: Module, early: Event, late: Event) -> tuple[Edit, ...]:
    """Edits that make two neighbouring statements change places."""
    a, b = early.statement, late.statement
    if (
        not isinstance(a, ast.Expr)
        or not isinstance(b, ast.Expr)
        or a.value is not early.node
        or b.value is not late.node
    ):
        return ()
    text = module.text
    if not (text.alone(a) and text.alone(b) and b.lineno == a.lineno + 1 and a.col_offset == b.col_offset):
        return ()
    first, second = text.place(a), text.place(b)
    return text.replace(first, text.cut(second)), text.replace(second, text.cut(first))
