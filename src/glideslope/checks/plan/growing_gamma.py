"""growing-gamma: a decay that grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import plan_of


@final
class GrowingGamma(PlanRule):
    """A decay that grows."""

    code = "GS113"
    name = "growing-gamma"
    finds = """A gamma above 1 in a schedule that multiplies by it again and again."""
    why = """The rate grows without end where a decay was meant; 1.1 for 0.1 and 10 for 1/10 are the usual slips.
For a range test, in which a rate is meant to grow, ignore this rule."""
    example = """gs.check(gs.StepDecay(30, gamma=1.1), gs.Run(epochs=90))"""
    instead = """A gamma below 1: `StepDecay(30, gamma=0.1)`. For one rise, a warmup."""
    valid = (
        ("StepDecay(30)", Run(epochs=90)),
        ("StepDecay(30, gamma=1)", Run(epochs=90)),
        ("MultiStepDecay([30, 60], gamma=[0.1, 2.0])", Run(epochs=90)),
        ("Triangular(15)", Run(epochs=90)),
        ("ExponentialDecay(0.95)", Run(epochs=90)),
    )
    invalid = (
        ("StepDecay(30, gamma=1.1)", Run(epochs=90)),
        ("ExponentialDecay(1.01)", Run(epochs=90)),
        ("MultiStepDecay([30, 60], gamma=10)", Run(epochs=90)),
        ("Triangular(15, mode='exp_range', gamma=1.1)", Run(epochs=90)),
        ("StepDecay(1, gamma=1.5)", Run(steps=100_000_000)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        for part in plan_of(schedule, run).having("gamma"):
            gammas = part.schedule.gamma if isinstance(part.schedule.gamma, tuple) else (part.schedule.gamma,)
            if min(gammas) > 1 and getattr(part.schedule, "mode", "exp_range") == "exp_range":
                yield Finding(
                    f"gamma is {gammas[0]:g}: the rate grows by it again and again.",
                    f"Did you mean {1 / gammas[0]:.3g}?",
                )
