"""step-with-epoch-argument: ``scheduler.step(epoch)``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ..diagnostic import Edit
from ..reading.events import Event
from ..reading.metrics import is_metric, name_of
from ..reading.module import Module
from ..reading.text import shown
from ..reading.values import Scheduler, number
from ..rule import Finding, SourceRule

TAKES_EPOCHS = frozenset(("CosineAnnealingWarmRestarts", "SequentialLR", "ChainedScheduler"))


@final
class StepWithEpochArgument(SourceRule):
    """``scheduler.step(epoch)``."""

    code = "GS211"
    name = "step-with-epoch-argument"
    finds = """`step` of a torch scheduler with the number of the epoch, for `ReduceLROnPlateau` beside its metric.
(`CosineAnnealingWarmRestarts`, which takes fractions of epochs, and the schedulers of timm, which want the number, are
left alone.)"""
    why = """The argument is deprecated and will go. It also takes another way through the code, the closed form, which
differs from `step()` where somebody else has changed the rate, and is missing from some classes."""
    example = """for epoch in range(90):
    train(optimizer)
    scheduler.step(epoch)"""
    instead = """`scheduler.step()`; and the scheduler's state in the checkpoint, where a run is resumed."""
    fix = """The argument is removed where it counts the turns of a loop that starts at 0 or 1 in every run, and the
call stands after `optimizer.step()` and is made in every turn. The schedule then moves at the end of an epoch to the
value of the next one, instead of that of the one just over."""
    valid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, 10)
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(epoch + 1)
""",
        """
from timm.scheduler import CosineLRScheduler
sched = CosineLRScheduler(opt, t_initial=90)
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(epoch + 1)
""",
        """
import torch
from accelerate import Accelerator
accelerator = Accelerator()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
net, opt, sched = accelerator.prepare(net, opt, sched)
for epoch in range(90):
    for x in loader:
        accelerator.backward(net(x))
        opt.step()
    sched.step(epoch)  # without it, Accelerate steps once for each process
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60])
for epoch in range(90):
    for x in loader:
        opt.step()
    sched.step(epoch)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
for epoch in range(90):
    sched.step(epoch)
    for x in loader:
        opt.step()
""",
        """
import torch
def main(args):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    if args.schedule == "steps":
        sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    elif args.schedule == "plateau":
        sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
    for epoch in range(90):
        for x in loader:
            opt.step()
        if args.schedule == "steps":
            sched.step(epoch)
        elif args.schedule == "plateau":
            sched.step(val_loss)
""",
        """
import torch
opt = torch.optim.SGD(net.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, 30)
for ep in range(90):
    for x in loader:
        opt.step()
    sched.step(epoch=ep)
""",
        """
import torch
def main(args, start):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
    for epoch in range(start, 90):
        for x in loader:
            opt.step()
        sched.step(evaluate(net), epoch)
""",
        """
import torch
def main(args, start):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    for epoch in range(start, 90):
        for x in loader:
            opt.step()
        sched.step(epoch)
""",
        """
import torch
class Agent:
    def __init__(self, net, most):
        self.opt = torch.optim.Adam(net.parameters())
        self.sched = torch.optim.lr_scheduler.LambdaLR(self.opt, lambda step: 1 - step / most)
        self.total = 0
    def learn(self, batches):
        for x in batches:
            self.opt.step()
        self.total += len(batches)
        self.sched.step(self.total)
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        for event in module.steps():
            value = event.value
            if not isinstance(value, Scheduler) or not value.path or value.name in TAKES_EPOCHS or value.prepared:
                continue
            if value.name == "ReduceLROnPlateau":
                if _argument(event, 1) is not None and module.only(event, value.name):
                    what = "the second argument of `ReduceLROnPlateau.step` is deprecated; it counts by itself"
                    yield module.at(event.node, f"`{shown(event.node)}`: {what}.", "Give it the metric alone.")
                continue
            node = _argument(event, 0)
            if node is None or ast.unparse(node) == "None":
                continue
            if is_metric(name_of(node)) or module.may_be_plateau(event):
                continue
            yield module.at(
                event.node,
                f"`{shown(event.node)}`: the argument of `{value.name}.step` is deprecated; it counts by itself.",
                "Call `step()` without it.",
                self._edits(module, event, node),
            )

    def _edits(self, module: Module, event: Event, argument: ast.expr) -> tuple[Edit, ...]:
        """Remove the argument, where it counts the turns of a loop and the optimizer has been stepped before it."""
        if not _counts(argument, event) or len(module.steps_of(event.value)) > 1:
            return ()
        depth, at = len(event.loops), module.order[event]
        before = [
            each
            for each in module.events
            if each.kind in ("step", "handover") and each is not event and module.order[each] < at
            and each.loops[:depth] == event.loops and module.drives(event.value, each.value)
        ]  # fmt: skip
        call = event.node
        place = module.text.place(call)
        if not depth or not before or not event.sure or not isinstance(call, ast.Call) or place[0] != place[2]:
            return ()
        line, _, _, start = module.text.place(call.func)
        return (Edit(line, start, line, place[3], "()"),)


def _argument(event: Event, place: int) -> ast.expr | None:
    if len(event.nodes) > place:
        return event.nodes[place] if len(event.nodes) == place + 1 else None
    given = getattr(event.node, "keywords", ())
    return next((each.value for each in given if each.arg == "epoch"), None)


def _counts(argument: ast.expr, event: Event) -> bool:
    """Whether it is the variable of the innermost loop, or one more, and every run has the loops from 0 or 1 on."""
    if (
        isinstance(argument, ast.BinOp)
        and isinstance(argument.op, ast.Add)
        and isinstance(argument.right, ast.Constant)
    ):
        argument = argument.left if argument.right.value == 1 else argument
    loops = event.loops[-1:]
    return isinstance(argument, ast.Name) and any(
        loop.target == argument.id and loop.step == 1 and number(loop.start) in (0, 1) for loop in loops
    )
