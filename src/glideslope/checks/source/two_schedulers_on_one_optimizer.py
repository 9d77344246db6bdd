"""two-schedulers-on-one-optimizer: one of them writes over what the other does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, final

from ..reading.conditions import exclude
from ..reading.module import Module
from ..reading.torch_names import HUGGING_FACE
from ..reading.values import Scheduler, options
from ..rule import Finding, SourceRule

ABSOLUTE = frozenset(("LambdaLR", "OneCycleLR", "CyclicLR", "CosineAnnealingWarmRestarts")) | HUGGING_FACE
"""These write the rate from its first value, whatever it is; the others multiply what they find."""


@final
class TwoSchedulersOnOneOptimizer(SourceRule):
    """Two schedulers on one optimizer, of which one writes over the other."""

    code = "GS213"
    name = "two-schedulers-on-one-optimizer"
    finds = """Two schedulers of the same optimizer that are stepped in the same loop, where at least one of them
(`LambdaLR`, `OneCycleLR`, `CyclicLR`, `CosineAnnealingWarmRestarts`) sets the rate whatever it is. Two that multiply,
such as `ExponentialLR` and `MultiStepLR`, work together and are not reported."""
    why = "The one that is stepped last decides; the other does nothing, or nothing that anybody planned."
    example = """warmup = LambdaLR(optimizer, lambda step: min(1, step / 500))
decay = StepLR(optimizer, step_size=3000)
for batch in loader:
    optimizer.step()
    decay.step()
    warmup.step()"""
    instead = """One schedule: `SequentialLR(optimizer, [warmup, decay], milestones=[500])`, or with glideslope
`StepDecay(3000).warmup(500)`."""
    valid = (
        """
from torch import optim
opt = optim.SGD(net.parameters(), lr=0.1)
one = optim.lr_scheduler.ExponentialLR(opt, 0.99)
two = optim.lr_scheduler.MultiStepLR(opt, [30, 60])
for epoch in range(90):
    for x in loader:
        opt.step()
    one.step()
    two.step()
""",
        """
from torch import optim
opt = optim.SGD(net.parameters(), lr=0.1)
one = optim.lr_scheduler.LambdaLR(opt, ramp)
two = optim.lr_scheduler.MultiStepLR(opt, [30, 60])
for epoch in range(90):
    for x in loader:
        opt.step()
    if epoch < 5:
        one.step()
    else:
        two.step()
""",
        """
from torch import optim
opt_d, opt_g = optim.Adam(d.parameters()), optim.Adam(g.parameters())
one = optim.lr_scheduler.LambdaLR(opt_d, ramp)
two = optim.lr_scheduler.LambdaLR(opt_g, ramp)
for epoch in range(90):
    for x in loader:
        opt_d.step()
        opt_g.step()
    one.step()
    two.step()
""",
    )
    invalid = (
        """
from torch import optim
opt = optim.SGD(net.parameters(), lr=0.1)
decay = optim.lr_scheduler.StepLR(opt, 3000)
warmup = optim.lr_scheduler.LambdaLR(opt, lambda step: min(1, step / 500))
for x in loader:
    opt.step()
    decay.step()
    warmup.step()
""",
    )

    def check(self, module: Module, settings: Any) -> Iterator[Finding]:
        usable = [each for each in module.schedulers if each.path and not each.inside and not each.adjusted]
        for one, two in combinations(usable, 2):
            if one.node is two.node or not {one.name, two.name} & ABSOLUTE or one.loops != two.loops:
                continue
            mine = options(one.optimizer)
            if len(mine) != 1 or len(options(two.optimizer)) != 1 or mine[0] is not options(two.optimizer)[0]:
                continue
            if not exclude(one.guards, two.guards) and self._together(module, one, two):
                absolute = two if two.name in ABSOLUTE else one
                yield module.at(
                    two.node,
                    f"`{two.name}` and the `{one.name}` of line {module.line(one.node)} drive the same optimizer and "
                    f"are stepped in the same loop: `{absolute.name}` writes over what the other does.",
                    "Join them: `SequentialLR`, or `.warmup(...)` of glideslope.",
                )

    def _together(self, module: Module, one: Scheduler, two: Scheduler) -> bool:
        """Whether both are stepped in every turn of the same loop, by calls that are theirs alone."""
        for a in module.steps_of(one):
            for b in module.steps_of(two):
                nested = a.loops[: len(b.loops)] == b.loops or b.loops[: len(a.loops)] == a.loops
                if a.loops and b.loops and nested and a.sure and b.sure and a.guards == b.guards:
                    return not a.others and not b.others
        return False
