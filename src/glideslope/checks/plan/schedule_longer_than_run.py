"""schedule-longer-than-run: a fall that the run cuts off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import plan_of, said


@final
class ScheduleLongerThanRun(PlanRule):
    """A fall that the run cuts off."""

    code = "GS106"
    name = "schedule-longer-than-run"
    finds = """A smooth schedule whose end lies after the run's, by more than 1 % of the run, so that it is cut off
on its way down."""
    why = """The low rates at the end never come, and with them most of what the schedule is for. Hoffmann et al.
(2022) saw a clear loss for a cosine longer than its run by a quarter."""
    example = """gs.check(gs.CosineDecay(100), gs.Run(epochs=50))"""
    instead = """The horizon of the run: `CosineDecay("100%")`. For a run of unknown length:
`Constant().cooldown(...)` when it is known, or `InverseSqrtDecay`."""
    explained_by = ("milestone-never-reached", "warmup-longer-than-run")
    valid = (
        ("CosineDecay(90)", Run(epochs=90)),
        ("CosineDecay(91)", Run(epochs=90)),
        ("InverseSqrtDecay(30)", Run(epochs=90)),
        ("MultiStepDecay([30, 100])", Run(epochs=90)),
        ("Constant()", Run(epochs=90)),
        ("CosineRestarts(30)", Run(epochs=90)),
        ("CosineDecay('90ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("Constant().warmup(200)", Run(epochs=90)),
    )
    invalid = (
        ("CosineDecay(100)", Run(epochs=50)),
        ("CosineDecay(450360)", Run(epochs=90)),
        ("LinearDecay(90).shift(10)", Run(epochs=90)),
        ("CosineDecay(50).stretch(2)", Run(epochs=90)),
        ("OneCycle(120)", Run(epochs=90)),
        ("CosineDecay('100ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("CosineDecay(90).repeat(90, times=2)", Run(epochs=90)),
        ("sequence([Constant().warmup(10), CosineDecay(90)], milestones=[10])", Run(epochs=90)),
        ("Constant().cooldown(80, 30)", Run(epochs=90)),
        ("WarmupStableDecay(120, 5, 40, start_factor=0.1)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        horizon = plan.schedule.horizon
        if horizon is None or horizon - plan.total <= max(1, plan.total // 100) or not plan.falls(0.99):
            return
        for part in plan.parts:
            steps = getattr(part.schedule, "total_steps", None)
            if steps is None or part.at(steps) is None or part.at(steps) <= plan.total:  # type: ignore[operator]
                continue
            if plan.may_mean_steps(steps):
                yield Finding(
                    f"total_steps is {said(steps)}; the run has {plan.length()}: did you mean steps?",
                    f'Time counts epochs here: write "{steps}st", or "100%" for the whole run.',
                )
            else:
                moved = part.at(steps) != run.count(steps)
                ends = f", which ends it at {plan.moment(horizon, steps)}" if moved else ""
                yield Finding(
                    f"total_steps is {said(steps)}{ends}; the run ends at {plan.end(steps)}, with the rate at "
                    f"{plan.last_share} of its peak.",
                    'Let both end together: "100%" is the whole run.',
                )
            return
        yield Finding(
            f"the schedule goes on until {plan.moment(horizon)}; the run ends at {plan.end()}, with the rate at "
            f"{plan.last_share} of its peak.",
            "Let both end together.",
        )
