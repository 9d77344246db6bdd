"""decay-too-fast: a rate that reaches nothing early in the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import Plan, plan_of, said

EARLY = 0.01
"""Share of the run within which no staircase has its last drop on purpose."""


@final
class DecayTooFast(PlanRule):
    """A rate that reaches nothing early in the run."""

    code = "GS103"
    name = "decay-too-fast"
    finds = """A factor that falls under a thousandth of its peak and stays there for more than half of the run.
Also a staircase whose last drop comes within the first 1 % of the run. What is held with `.hold(...)` is meant, and
not reported."""
    why = """From there on the training stands still, and the rest of its time is paid for nothing. The usual cause
is a schedule written for epochs that is stepped once a batch."""
    example = """gs.check(gs.ExponentialDecay(0.9), gs.Run(epochs=90, steps_per_epoch=5004))"""
    instead = """Numbers with their unit: `StepDecay("30ep")`. For an exponential, the gamma that arrives at the
end: the hint states it."""
    explained_by = ("schedule-shorter-than-run",)
    valid = (
        ("ExponentialDecay(0.95)", Run(epochs=90)),
        ("StepDecay(30)", Run(epochs=90)),
        ("StepDecay('30ep')", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([30, 60, 80])", Run(epochs=90)),
        ("MultiStepDecay(['30ep', '60ep', '80ep'])", Run(epochs=90, steps_per_epoch=5004)),
        ("OneCycle(90)", Run(epochs=90)),
        ("CosineDecay(90)", Run(epochs=90)),
        ("Constant().hold(0.0, start=20)", Run(epochs=90)),
        ("Constant().hold(0.0, start=0, stop=60)", Run(epochs=90)),
        ("ExponentialDecay(0.9).clip(low=0.01)", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([2000], gamma=0.5)", Run(steps=100000)),
    )
    invalid = (
        ("ExponentialDecay(0.9)", Run(epochs=90, steps_per_epoch=5004)),
        ("ExponentialDecay(0.7)", Run(epochs=90)),
        ("StepDecay(30)", Run(epochs=90, steps_per_epoch=5004)),
        ("StepDecay(5)", Run(epochs=90)),
        ("MultiStepDecay([30, 60, 80])", Run(epochs=90, steps_per_epoch=5004)),
        ("PiecewiseConstant([30, 60, 80], factors=[1.0, 0.1, 0.01, 0.002])", Run(epochs=90, steps_per_epoch=5004)),
        ("MultiStepDecay([5, 10, 15, 20])", Run(epochs=90)),
        ("ExponentialDecay(0.9).warmup(5)", Run(epochs=90, steps_per_epoch=5004)),
        ("ExponentialDecay(0.9)", Run(steps=100_000_000)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        bound = settings.decayed * plan.peak * (1 - 1e-9)  # 0.1 ** 3 is a thousandth, whatever its last bit
        step = plan.first_below_for_good(bound)
        if plan.peak > 0 and step is not None and plan.total - step > settings.most * plan.total:
            if not _held(plan, step):
                rest = plan.share(plan.total - step)
                yield Finding(
                    f"the rate is under {settings.decayed:g} of its peak from {plan.moment(step)} on, for {rest} of "
                    f"the run, which has {plan.length()}.",
                    _hint(plan, settings.decayed),
                )
            return
        for part in plan.having("milestones"):
            if hasattr(part.schedule, "schedules"):
                continue
            last = part.schedule.milestones[-1]
            soon = part.at(last) == plan.schedule.horizon and (part.at(last) or plan.total) <= EARLY * plan.total
            if soon and plan.last <= plan.peak / 2:
                epochs = plan.may_mean_epochs(*part.schedule.milestones)
                yield Finding(
                    f"the last milestone is {said(last)}; the run has {plan.length()}"
                    + (
                        ": did you mean epochs?"
                        if epochs
                        else f", and {plan.share(plan.total - plan.turns[-1])} are left."
                    ),
                    f"Write {plan.in_epochs(last)}." if epochs else "Spread the milestones over the run.",
                )


def _held(plan: Plan, step: int) -> bool:
    """Whether the rate is low from that step on because somebody wrote so."""
    return any(part.at(part.schedule.start) == step for part in plan.having("factor", "start", "stop"))


def _hint(plan: Plan, decayed: float) -> str:
    for part in plan.having("gamma"):
        steps = getattr(part.schedule, "step_size", None) or getattr(part.schedule, "milestones", (None,))[-1]
        if steps is not None and plan.may_mean_epochs(steps):
            return f"Did you mean epochs? A bare number is a step: write {plan.in_epochs(steps)}."
        if (
            steps is None
            and plan.total > 1
            and part.schedule == plan.written
            and isinstance(part.schedule.gamma, float)
        ):
            gamma = decayed ** (1 / (plan.total - 1))
            return f"With gamma={gamma:.{max(4, len(str(plan.total)) + 2)}g} it is there as the run ends."
    return "Spread the decay over the run."
