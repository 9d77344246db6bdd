"""first-step-at-zero: a first step that trains nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import plan_of


@final
class FirstStepAtZero(PlanRule):
    """A first step that trains nothing."""

    code = "GS112"
    name = "first-step-at-zero"
    finds = """A warmup from exactly 0 where one step is much: an epoch, or 1 % of the run and more."""
    why = """The rate of the first step is 0, so nothing is learned in it. Of thousands of steps nobody misses one;
an epoch is another matter."""
    example = """gs.check(gs.Constant().warmup(5, start_factor=0), gs.Run(epochs=90))"""
    instead = """A warmup from above 0, `.warmup(5, start_factor=0.1)`; or a warmup that is counted in steps."""
    valid = (
        ("Constant().warmup(5)", Run(epochs=90)),
        ("Constant().warmup(500, start_factor=0)", Run(steps=10000)),
        ("WarmupStableDecay(10000, 100, 1000)", Run(steps=10000)),
        ("Constant().hold(0.0, start=0, stop=10)", Run(epochs=90)),
        ("Constant(0.0)", Run(epochs=90)),
        ("Constant().warmup('5ep', start_factor=0)", Run(epochs=90, steps_per_epoch=5004)),
    )
    invalid = (
        ("Constant().warmup(5, start_factor=0)", Run(epochs=90)),
        ("WarmupStableDecay(90, 5, 20)", Run(epochs=90)),
        ("PiecewiseLinear([(0, 0.0), (10, 1.0)])", Run(epochs=90)),
        ("CosineDecay(60).warmup(6, start_factor=0)", Run(steps=60)),
        ("Triangular(15, start_factor=0.0)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        if plan.factor(0) != 0 or plan.peak == 0 or (run.unit != "epoch" and plan.total > 100):
            return
        rises = any(part.schedule.start_factor == 0 for part in plan.having("start_factor"))
        rises = rises or any(part.schedule.points[0][1] == 0 for part in plan.having("points"))
        if rises:
            yield Finding(
                f"the rate of {run.unit} 0 is 0: the first of {plan.length()} trains nothing.",
                "Begin above 0, such as start_factor=0.1.",
            )
