"""duplicate-milestone: a milestone that is named twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import listed, plan_of


@final
class DuplicateMilestone(PlanRule):
    """A milestone that is named twice."""

    code = "GS111"
    name = "duplicate-milestone"
    finds = """A milestone that stands twice in a staircase, also when the two are written in different units."""
    why = """Both count: the rate drops twice at once, by a factor of a hundred where ten was meant."""
    example = """gs.check(gs.MultiStepDecay([30, 30, 60]), gs.Run(epochs=90))"""
    instead = """Each milestone once; for a harsher drop at one of them, a gamma for each: `MultiStepDecay([30, 60],
gamma=[0.01, 0.1])`."""
    explained_by = ("decay-too-fast",)
    valid = (
        ("MultiStepDecay([30, 60])", Run(epochs=90)),
        ("MultiStepDecay(['30ep', '31ep'])", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([30, 60], gamma=0.5) * MultiStepDecay([30])", Run(epochs=90)),
    )
    invalid = (
        ("MultiStepDecay([30, 30, 60])", Run(epochs=90)),
        ("MultiStepDecay(['30ep', 150120])", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([30, 30]).warmup(5)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        for part in plan.having("milestones", "gamma"):
            steps = [run.count(each) for each in part.schedule.milestones]
            twice = [each for i, each in enumerate(part.schedule.milestones) if steps[i] in steps[:i]]
            if twice:
                names = listed(list(dict.fromkeys(twice)))
                yield Finding(
                    f"milestone {names} is named more than once: the rate drops there each time.",
                    "Name it once, and give a gamma for each milestone if one is to drop further.",
                )
