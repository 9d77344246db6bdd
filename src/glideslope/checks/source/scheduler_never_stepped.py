"""scheduler-never-stepped: a scheduler that nothing ever steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ..reading.module import Module
from ..reading.values import Scheduler, is_optimizer
from ..rule import Finding, SourceRule


@final
class SchedulerNeverStepped(SourceRule):
    """A scheduler that nothing ever steps."""

    code = "GS202"
    name = "scheduler-never-stepped"
    finds = """A scheduler that is built and then forgotten: the training loop steps the optimizer, and nothing in the
file steps the scheduler or gives it to anything that could. In Lightning, one that `configure_optimizers` builds and
does not return."""
    why = """The rate stays at its first value for the whole run, which for a warmup is close to zero. Nothing fails."""
    example = """scheduler = CosineAnnealingLR(optimizer, T_max=90)
for epoch in range(90):
    for batch in loader:
        optimizer.step()"""
    instead = """for epoch in range(90):
    for batch in loader:
        optimizer.step()
    scheduler.step()"""
    valid = (
        """
import torch
from somewhere import fit
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)
fit(net, opt, sched)
for x in loader:
    opt.step()
""",
        """
import torch
from somewhere import Base
class Mine(Base):
    def setup(self):
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.1)
        self.sched = torch.optim.lr_scheduler.ExponentialLR(self.opt, 0.9)
    def train(self):
        for epoch in range(10):
            for x in self.loader:
                self.opt.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)
for epoch in range(10):
    for x in loader:
        opt.step()
    sched.step()
    if epoch == 5:
        sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.5)
""",
        """
import torch
def build(net):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    return opt, torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
scheds = [torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)]
for epoch in range(10):
    for x in loader:
        opt.step()
    for each in scheds:
        each.step()
""",
        """
import torch
from torch.optim.lr_scheduler import LinearLR, ExponentialLR, SequentialLR
opt = torch.optim.SGD(net.parameters(), lr=0.1)
one, two = LinearLR(opt, total_iters=3), ExponentialLR(opt, 0.99)
both = SequentialLR(opt, [one, two], milestones=[3])
for epoch in range(10):
    for x in loader:
        opt.step()
    both.step()
""",
    )
    invalid = (
        """
import lightning as L
import torch
class Net(L.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters())
        sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=30)
        return opt
""",
        """
import joblib
import torch
from torch.optim import lr_scheduler

def main():
    args = joblib.load("args.pkl")
    opt = torch.optim.SGD(net.parameters(), lr=args.lr)
    if args.kind == "cosine":
        sched = lr_scheduler.CosineAnnealingLR(opt, T_max=args.epochs)
    elif args.kind == "steps":
        sched = lr_scheduler.MultiStepLR(opt, args.milestones)
    for epoch in range(args.epochs):
        for x in loader:
            opt.step()
        if args.kind == "cosine":
            sched.step()
""",
        """
import torch
def main(kind):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    if kind == "steps":
        sched = torch.optim.lr_scheduler.MultiStepLR(opt, [6, 8])
    else:
        sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 10)
    for epoch in range(10):
        for x in loader:
            opt.step()
        if kind == "cosine":
            sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)
for epoch in range(10):
    for x in loader:
        net(x).backward()
        opt.step()
    # sched.step()
    print(epoch, sched.get_last_lr())
""",
        """
from torch import optim
class Trainer:
    def __init__(self, net):
        self.opt = optim.Adam(net.parameters())
        self.sched = optim.lr_scheduler.CosineAnnealingLR(self.opt, 50)
    def fit(self, loader):
        for epoch in range(50):
            for x in loader:
                self.opt.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for each in module.schedulers:
            if module.steps_of(each) or self._is_elsewhere(module, each):
                continue
            depth = len(each.loops)
            trained = [
                event
                for event in module.steps()
                if module.drives(each, event.value) and event.loops[:depth] == each.loops and len(event.loops) > depth
            ]
            if not trained or not self._is_all_read(module):
                continue
            if trained[0].root == each.root or len(trained[0].loops) > depth + 1:
                yield module.at(
                    each.node,
                    f"`{each.name}` is never stepped: nothing in the loop of line "
                    f"{module.line(trained[0].loops[depth].node)} moves it.",
                    "Call its `step()` once an epoch, or once a batch, as it is counted.",
                )

        for each in module.forgotten if module.complete else ():
            if not module.steps_of(each):
                yield module.at(
                    each.node,
                    f"`{each.name}` is never stepped: `configure_optimizers` builds it and does not return it.",
                    'Return {"optimizer": ..., "lr_scheduler": ...}.',
                )

    def _is_elsewhere(self, module: Module, scheduler: Scheduler) -> bool:
        """Whether something else may step it, or another one has taken its place."""
        if scheduler.handed_over or scheduler.inside or scheduler.outlives or scheduler.replaced:
            return True
        return any(handed.scheduler is scheduler for handed in module.lightning)

    def _is_all_read(self, module: Module) -> bool:
        """Whether of every ``step`` in the text it is known what it belongs to."""
        others = (event.value for event in module.steps() if not isinstance(event.value, Scheduler))
        return module.complete and not module.unread_steps and all(map(is_optimizer, others))
