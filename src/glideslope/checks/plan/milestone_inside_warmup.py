"""milestone-inside-warmup: a drop while the rate is still rising."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import Part, Plan, plan_of


@final
class MilestoneInsideWarmup(PlanRule):
    """A drop while the rate is still rising."""

    code = "GS108"
    name = "milestone-inside-warmup"
    finds = """A milestone of a staircase, or the first drop of a `StepDecay`, that comes before a warmup over it
has ended."""
    why = """The rate drops before it has been up: the peak that was chosen is never reached. A warmup laid over a
schedule does not move its milestones, so they count from step 0."""
    example = """gs.check(gs.MultiStepDecay([3, 60]).warmup(5), gs.Run(epochs=90))"""
    instead = """A shorter warmup, or later milestones; or a sequence, in which the second part counts from its own
start: `sequence([Constant().warmup(5), MultiStepDecay([3, 60])], milestones=[5])`."""
    explained_by = ("decay-too-fast", "warmup-longer-than-run")
    valid = (
        ("MultiStepDecay([30, 60]).warmup(5)", Run(epochs=90)),
        ("MultiStepDecay([5, 60]).warmup(5)", Run(epochs=90)),
        ("sequence([Constant().warmup(5), MultiStepDecay([3, 60])], milestones=[5])", Run(epochs=90)),
        ("MultiStepDecay(['30ep', '60ep']).warmup('5ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("CosineDecay(90).warmup(5)", Run(epochs=90)),
        ("StepDecay(30).warmup(30)", Run(epochs=90)),
        ("StepDecay('2.4ep', gamma=0.97).warmup('5ep')", Run(epochs=350, steps_per_epoch=313)),  # EfficientNet
        ("MultiStepDecay([3], gamma=2.0).warmup(10)", Run(epochs=90)),
        ("MultiStepDecay([3, 60]).warmup(5, start_factor=1)", Run(epochs=90)),
    )
    invalid = (
        ("MultiStepDecay([3, 60]).warmup(5)", Run(epochs=90)),
        ("StepDecay(30).warmup(40)", Run(epochs=90)),
        ("MultiStepDecay(['30ep', '60ep']).warmup('35ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("Constant().warmup(5) * MultiStepDecay([3, 60])", Run(epochs=90)),
        ("MultiStepDecay([3, 40]).stretch(2).warmup(10)", Run(epochs=90)),
        ("PiecewiseConstant([3, 60], factors=[1.0, 0.3, 0.1]).warmup(5)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        ramps = [part for part in plan.having("schedule", "steps", "start_factor") if part.schedule.start_factor != 1]
        for part in plan.parts:
            if hasattr(part.schedule, "schedules"):
                continue  # where a part of a sequence begins, nothing need drop
            drops = getattr(part.schedule, "milestones", None) or [getattr(part.schedule, "step_size", None)]
            for ramp in ramps:
                begin, end = ramp.at(0), ramp.at(ramp.schedule.steps)
                if drops[0] is None or begin is None or end is None or not _is_steep(plan, part, drops):
                    continue
                early = [each for each in drops if begin <= (part.at(each) or -1) < end]
                if early:
                    yield Finding(
                        f"the rate drops at {plan.moment(part.at(early[0]) or 0, early[0])}, inside the warmup, which "
                        f"takes until {plan.moment(end, ramp.schedule.steps)}.",
                        "Let the warmup end before that, or lay it before the schedule with sequence().",
                    )
                    return


def _is_steep(plan: Plan, part: Part, drops: list[Any]) -> bool:
    """Whether a drop is one that shows: a staircase of many small ones is a slope, and a rise is no drop."""
    own = part.schedule.resolve(plan.run)
    at = plan.run.count(drops[0])
    return at > 0 and own(at) <= 0.6 * own(at - 1)
