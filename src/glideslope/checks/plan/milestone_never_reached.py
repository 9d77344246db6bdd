"""milestone-never-reached: a milestone that lies past the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import listed, plan_of


@final
class MilestoneNeverReached(PlanRule):
    """A milestone that lies past the end of the run."""

    code = "GS101"
    name = "milestone-never-reached"
    finds = """A milestone of a staircase or a sequence that the run never comes to: it lies at or after the end, or
something else takes over before. Counting starts at 0, so a run of 90 epochs ends with epoch 89, and a milestone at
90 does nothing."""
    why = """The drop that was planned there never happens: the training ends at a rate that is, as a rule, ten
times too high, and nothing says so."""
    example = """gs.check(gs.MultiStepDecay([30, 60, 100]), gs.Run(epochs=90))"""
    instead = """Milestones inside the run. In percent they move with it when the run gets shorter:
`MultiStepDecay(["33%", "67%"])`."""
    valid = (
        ("MultiStepDecay([30, 60, 80])", Run(epochs=90)),
        ("MultiStepDecay([89])", Run(epochs=90)),
        ("MultiStepDecay(['30ep', '60ep'])", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([300, 600]).stretch(0.1)", Run(epochs=90)),
        ("sequence([Constant(0.1), CosineDecay(85)], milestones=[5])", Run(epochs=90)),
        ("MultiStepDecay([20, 40]).repeat(45)", Run(epochs=90)),
    )
    invalid = (
        ("MultiStepDecay([30, 100])", Run(epochs=50)),
        ("MultiStepDecay([30, 60, 90])", Run(epochs=90)),
        ("MultiStepDecay(['30ep', '95ep'])", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([30, 60]).stretch(2)", Run(epochs=90)),
        ("MultiStepDecay([30, 60]).shift(40)", Run(epochs=90)),
        ("sequence([Constant(), LinearDecay(30)], milestones=[100])", Run(epochs=90)),
        ("MultiStepDecay([20, 40]).repeat(30)", Run(epochs=90)),
        ("PiecewiseConstant([30, 95], factors=[1.0, 0.3, 0.1])", Run(epochs=90)),
        ("MultiStepDecay([30, 60]).cooldown(50, 40)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        for part in plan.having("milestones"):
            late = [each for each in part.schedule.milestones if not part.is_reached(each)]
            if not late:
                continue
            what = f"milestone {listed(late)} is" if len(late) == 1 else f"milestones {listed(late)} are"
            them = "it" if len(late) == 1 else "them"
            if any(part.at(each) is None for each in late):
                yield Finding(
                    f"{what} never reached: something else takes over before.",
                    f"Take {them} out, or move what cuts {them} off.",
                )
                continue
            hint = f"Take {them} out, or move {them} before the end."
            if part.at(late[0]) == plan.total:
                hint = f"Counting starts at 0: the last {run.unit} is {plan.total - 1}."
            elif plan.may_mean_steps(*late):
                hint = f'Did you mean steps? Time counts epochs here: write "{late[0]}st".'
            yield Finding(f"{what} never reached: the run ends at {plan.end(late[0])}.", hint)
