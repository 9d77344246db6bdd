"""schedule-shorter-than-run: a fall that ends long before the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import Part, Plan, plan_of, said

MANY = 100
"""Swings of a wave that nobody means."""


@final
class ScheduleShorterThanRun(PlanRule):
    """A fall that ends long before the run."""

    code = "GS105"
    name = "schedule-shorter-than-run"
    finds = """A fall to (nearly) nothing that ends before the run does, by more than 1 % of the run; or to a floor
that is then held for more than half of it. What is held by design is not reported: constants, warmups, staircases,
inverse square roots."""
    why = """The rest of the run trains at a rate of nothing. The usual causes are a horizon in epochs where time
counts steps, and a warmup that was taken off twice."""
    example = """gs.check(gs.CosineDecay(90), gs.Run(epochs=90, steps_per_epoch=5004))"""
    instead = """The horizon of the run: `CosineDecay("100%")`, or a unit: `CosineDecay("90ep")`."""
    valid = (
        ("Constant()", Run(epochs=90)),
        ("Constant().warmup(5)", Run(epochs=90)),
        ("CosineDecay(90)", Run(epochs=90)),
        ("CosineDecay(89)", Run(epochs=90)),
        ("CosineDecay('100%')", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([30, 60])", Run(epochs=90)),
        ("StepDecay(30)", Run(epochs=90)),
        ("InverseSqrtDecay(10)", Run(epochs=90)),
        ("CosineDecay(60, end_factor=0.1)", Run(epochs=90)),
        ("OneCycle(90)", Run(epochs=90)),
        ("sequence([Constant().warmup(5), CosineDecay(85)], milestones=[5])", Run(epochs=90)),
        ("PiecewiseConstant([30, 60], factors=[1.0, 0.1, 0.01])", Run(epochs=90)),
        ("CosineDecay(30).repeat(30, times=3)", Run(epochs=90)),
        ("CosineRestarts('10ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("CosineRestarts(10, t_mult=2)", Run(epochs=90, steps_per_epoch=5004)),
        ("Triangular(2000, start_factor=0.1)", Run(epochs=90, steps_per_epoch=5004)),
    )
    invalid = (
        ("CosineDecay(90)", Run(epochs=90, steps_per_epoch=5004)),
        ("CosineDecay(60)", Run(epochs=90)),
        ("LinearDecay(50)", Run(epochs=90)),
        ("CosineDecay(85).warmup(5)", Run(epochs=90)),
        ("OneCycle(45)", Run(epochs=90)),
        ("CosineDecay(90, end_factor=0.01)", Run(epochs=90, steps_per_epoch=5004)),
        ("LinearDecay(90)", Run(steps=450360)),
        ("WarmupStableDecay(60, 5, 10, start_factor=0.1)", Run(epochs=90)),
        ("PolynomialDecay(300).stretch(0.1)", Run(epochs=90)),
        ("CosineDecay('45ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("PiecewiseLinear([(0, 0.1), (5, 1.0), (40, 0.0)])", Run(epochs=90)),
        ("CosineWave(90)", Run(epochs=90, steps_per_epoch=5004)),
        ("CosineDecay(30).repeat(30, times=2)", Run(epochs=90)),
        ("CosineRestarts(30)", Run(epochs=90, steps_per_epoch=5004)),
        ("Triangular(45, start_factor=0.1)", Run(epochs=90, steps_per_epoch=500)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        wave = next(plan.having("half_period"), None)
        if wave is not None and 0 < (wave.at(wave.schedule.half_period) or 0) < plan.total / MANY:
            yield _finding(plan, wave, "half_period", run.count(wave.schedule.half_period))
            return
        for name in ("period", "step_size_up"):
            for part in plan.having(name):
                steps = getattr(part.schedule, name)
                grows = getattr(part.schedule, "t_mult", 1) > 1
                if run.epochs and not grows and plan.may_mean_epochs(steps) and run.count(steps) < plan.total / MANY:
                    yield _finding(plan, part, name, run.count(steps))
                    return
        horizon = plan.schedule.horizon
        if horizon is None or plan.peak == 0:
            return
        idle = plan.total - 1 - horizon
        ended = plan.last < settings.decayed * plan.peak
        if not ended and (idle <= settings.most * plan.total or plan.last >= 0.99 * plan.peak):
            return
        if idle <= max(1, plan.total // 100) or not _is_a_fall(plan, horizon):
            return
        for part in plan.parts:
            for name in ("total_steps", "steps"):
                if hasattr(part.schedule, name) and part.at(getattr(part.schedule, name)) in (horizon, horizon + 1):
                    yield _finding(plan, part, name, horizon)
                    return
        rest = plan.share(plan.total - horizon)
        yield Finding(
            f"the schedule ends at {plan.moment(horizon)}; the run has {plan.length()}, and {rest} of it is left.",
            f"Let it end with the run, at {plan.end()}.",
        )


def _is_a_fall(plan: Plan, horizon: int) -> bool:
    """Whether the schedule comes to its end on a slope: a drop at a milestone is followed by a level by design."""
    return (
        horizon >= 2
        and plan.factor(horizon - 1) > plan.factor(horizon)
        and not any(part.at(each) == horizon for part in plan.having("milestones") for each in part.schedule.milestones)
        and not any(part.at(part.schedule.start) == horizon for part in plan.having("factor", "start", "stop"))
        and not any(
            part.at(part.schedule.steps) == horizon for part in plan.having("schedule", "steps", "start_factor")
        )
    )


def _finding(plan: Plan, part: Part, name: str, horizon: int) -> Finding:
    steps = getattr(part.schedule, name)
    if plan.may_mean_epochs(steps):
        return Finding(
            f"{name} is {said(steps)}; the run has {plan.length()}: did you mean epochs?",
            f'Write {plan.in_epochs(steps)}, or "100%" for the whole run.',
        )
    moved = horizon not in (plan.run.count(steps), plan.run.count(steps) - 1)
    ends = f", which ends it at {plan.moment(horizon, steps)}" if moved else ""
    rest = plan.share(plan.total - horizon)
    return Finding(
        f"{name} is {said(steps)}{ends}; the run has {plan.length(steps)}, and {rest} of it is left.",
        'Let it end with the run: "100%" is all of it.',
    )
