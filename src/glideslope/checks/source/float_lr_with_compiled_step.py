"""float-lr-with-compiled-step: a compiled optimizer step is compiled anew for every value of the rate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ..reading.module import Module
from ..reading.values import Const, Function, Method, Optimizer, Value, number, options
from ..rule import Finding, SourceRule


@final
class FloatLrWithCompiledStep(SourceRule):
    """A compiled optimizer step whose rate is a float that a scheduler changes."""

    code = "GS219"
    name = "float-lr-with-compiled-step"
    finds = """`torch.compile` of `optimizer.step`, or of a function that calls it, where the rate is a plain number and
a scheduler changes it."""
    why = """A number is a constant to the compiler: every new value compiles the step anew, up to the recompile limit,
and then it runs uncompiled."""
    example = """optimizer = AdamW(net.parameters(), lr=1e-3)
step = torch.compile(optimizer.step)"""
    instead = "`AdamW(net.parameters(), lr=torch.tensor(1e-3))`: a scheduler then fills the tensor in place."
    valid = (
        """
import torch
opt = torch.optim.Adam(net.parameters(), lr=torch.tensor(1e-3))
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99)
update = torch.compile(opt.step)
for x in loader:
    net(x).backward()
    update()
    sched.step()
""",
        """
import torch
net = torch.compile(net)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99)
for x in loader:
    opt.step()
    sched.step()
""",
    )
    invalid = (
        """
import torch
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99)
update = torch.compile(opt.step)
for x in loader:
    net(x).backward()
    update()
    sched.step()
""",
        """
import torch
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99)
@torch.compile(fullgraph=False)
def update():
    opt.step()
for x in loader:
    net(x).backward()
    update()
    sched.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        if module.reading.survey.writes_lr:
            return
        driven = {id(each) for scheduler in module.schedulers for each in options(scheduler.optimizer)}
        for event in module.events:
            if event.kind == "compile":
                for optimizer in self._stepped(module, event.value):
                    if id(optimizer) in driven and self._is_float(optimizer):
                        yield module.at(
                            event.node,
                            f"the compiled step of `{optimizer.name}` (line {module.line(optimizer.node)}) has a rate "
                            "that is a plain number: it is compiled anew whenever the scheduler changes it.",
                            "Build the optimizer with `lr=torch.tensor(...)`.",
                        )

    def _is_float(self, optimizer: Optimizer) -> bool:
        return number(optimizer.lr) is not None or (optimizer.lr == Const(None) and optimizer.name != "SGD")

    def _stepped(self, module: Module, value: Value) -> Iterator[Optimizer]:
        if isinstance(value, Method) and value.name == "step" and isinstance(value.of, Optimizer):
            yield value.of
        if isinstance(value, Function):
            calls = {node for node in ast.walk(value.node) if isinstance(node, ast.Call)}
            found = {id(event.value): event.value for event in module.steps() if event.node in calls}
            yield from (each for each in found.values() if isinstance(each, Optimizer))
