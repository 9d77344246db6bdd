"""warmup-longer-than-run: a warmup that the run never gets out of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import plan_of, said


@final
class WarmupLongerThanRun(PlanRule):
    """A warmup that the run never gets out of."""

    code = "GS107"
    name = "warmup-longer-than-run"
    finds = """A warmup that is at least as long as the run, so that the full rate never comes."""
    why = """The whole training happens at less than the rate that was chosen, and the schedule under the warmup is
never seen by itself."""
    example = """gs.check(gs.Constant().warmup(500), gs.Run(epochs=90))"""
    instead = """A warmup of a few percent of the run: `.warmup("5%")`."""
    valid = (
        ("Constant().warmup(5)", Run(epochs=90)),
        ("Constant().warmup(89)", Run(epochs=90)),
        ("CosineDecay('100%').warmup('5ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("Constant().warmup(200, start_factor=1)", Run(epochs=90)),
        ("WarmupStableDecay(90, 10, 20, start_factor=0.1)", Run(epochs=90)),
    )
    invalid = (
        ("Constant().warmup(500)", Run(epochs=90)),
        ("Constant().warmup(90)", Run(epochs=90)),
        ("CosineDecay(90).warmup(5000)", Run(epochs=90)),
        ("MultiStepDecay([30, 60]).warmup('100ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("WarmupStableDecay(500, 100, 100, start_factor=0.1)", Run(epochs=90)),
        ("Constant().warmup(30).stretch(4)", Run(epochs=90)),
        ("Constant().warmup(60).shift(60)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        for part in plan.having("start_factor"):
            name = "steps" if hasattr(part.schedule, "steps") else "warmup_steps"
            steps = getattr(part.schedule, name, None)
            at = None if steps is None else part.at(steps)
            if steps is None or at is None or at < plan.total or part.schedule.start_factor == 1:
                continue
            hint = 'Take a few percent of the run: "5%".'
            if plan.may_mean_steps(steps):
                hint = f'Did you mean steps? Time counts epochs here: write "{steps}st".'
            yield Finding(
                f"the warmup is {said(steps)} long and the run has {plan.length(steps)}: the full rate never comes.",
                hint,
            )
