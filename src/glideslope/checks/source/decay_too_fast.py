"""decay-too-fast: the rate is next to nothing for most of the training loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ..reading.counting import steps_to
from ..reading.module import Module
from ..reading.moves import runs
from ..reading.text import num
from ..reading.values import Scheduler, number, numbers
from ..rule import Finding, SourceRule
from ..settings import Settings


@final
class DecayTooFastInSource(SourceRule):
    """A rate that is next to nothing for most of the training loop."""

    code = "GS206"
    name = "decay-too-fast"
    finds = """A staircase or an exponential that falls under a thousandth of its start (`decayed` in the settings) and
stays there for most of the training loop in the same file (`most`)."""
    why = """The network stops learning early on; the rest of the run costs time and changes nothing."""
    example = """scheduler = ExponentialLR(optimizer, gamma=0.5)
for epoch in range(100):
    ...
    scheduler.step()"""
    instead = """A gamma that arrives at the end of the run: for a hundredth after 100 epochs,
`gamma=0.01 ** (1 / 100)`, which is 0.955."""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=1, gamma=0.7)
for epoch in range(14):
    for x in loader:
        opt.step()
    sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.5)
for epoch in range(100):
    for x in loader:
        opt.step()
    if stuck(epoch):
        sched.step()
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.1)
for epoch in range(20):
    print(epoch, sched.get_last_lr())
    opt.step()
    sched.step()
""",
    )
    invalid = (
        """
from torch import optim
def fit(net, optimizer, scheduler, loader, epochs):
    for epoch in range(epochs):
        for x in loader:
            optimizer.step()
        scheduler.step()
epochs = 100
opt = optim.Adam(net.parameters(), lr=1e-3)
sched = optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.5)
fit(net, opt, sched, loader, epochs)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [3, 6, 9], gamma=0.1)
for epoch in range(60):
    for x in loader:
        opt.step()
    sched.step()
""",
    )

    def check(self, module: Module, settings: Settings) -> Iterator[Finding]:
        for run in runs(module):
            soon = self._soon(run.scheduler, settings.decayed)
            if soon is not None and run.whole and run.turns >= 10 and run.turns - soon > settings.most * run.turns:
                since = f"from {'epoch' if run.per == 'epoch' else 'step'} {num(soon)} on"
                yield module.at(
                    run.scheduler.node,
                    f"the rate is at or under {settings.decayed:g} of its start {since}: {run.where}.",
                    "Spread the decay over the run.",
                )

    def _soon(self, scheduler: Scheduler, share: float) -> float | None:
        if scheduler.name != "MultiStepLR":
            return steps_to(scheduler, share)
        milestones, gamma = numbers(scheduler.args.get("milestones")), number(scheduler.args.get("gamma"))
        if not milestones or gamma is None:
            return None
        falls = (at for index, at in enumerate(sorted(milestones), 1) if gamma**index <= share * (1 + 1e-9))
        return next(falls, None)
