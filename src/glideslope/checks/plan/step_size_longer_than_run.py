"""step-size-longer-than-run: a staircase whose first step is longer than the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import plan_of, said


@final
class StepSizeLongerThanRun(PlanRule):
    """A staircase whose first step is longer than the run."""

    code = "GS102"
    name = "step-size-longer-than-run"
    finds = """A `StepDecay` whose `step_size` is at least as long as the run (or as what the run leaves of it), so
that it never drops."""
    why = """The rate stays at its peak to the end, although a decay was asked for. The usual cause is a `step_size`
in steps where time counts epochs."""
    example = """gs.check(gs.StepDecay(100), gs.Run(epochs=90))"""
    instead = """A `step_size` that fits the run a few times: `StepDecay(30)`, or `StepDecay("33%")`."""
    valid = (
        ("StepDecay(30)", Run(epochs=90)),
        ("StepDecay(89)", Run(epochs=90)),
        ("StepDecay('30ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("StepDecay(100, gamma=1)", Run(epochs=90)),
        ("StepDecay(300).stretch(0.1)", Run(epochs=90)),
    )
    invalid = (
        ("StepDecay(100)", Run(epochs=90)),
        ("StepDecay(90)", Run(epochs=90)),
        ("StepDecay(150120)", Run(epochs=90)),
        ("StepDecay('100ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("StepDecay(30).stretch(4)", Run(epochs=90)),
        ("StepDecay(100).warmup(5)", Run(epochs=90)),
        ("StepDecay(50).repeat(40)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        for part in plan.having("step_size", "gamma"):
            size = part.schedule.step_size
            if part.schedule.gamma == 1 or part.is_reached(size):
                continue
            hint = "Take a shorter one, or a constant."
            if plan.may_mean_steps(size):
                hint = f'Did you mean steps? Time counts epochs here: write "{size}st".'
            yield Finding(f"step_size is {said(size)}: the rate never drops, as the run has {plan.length(size)}.", hint)
