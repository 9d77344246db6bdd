"""lr-never-decays: a run that ends at the peak of a schedule meant to fall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import Plan, plan_of


@final
class LrNeverDecays(PlanRule):
    """A run that ends at the peak of a schedule meant to fall."""

    code = "GS104"
    name = "lr-never-decays"
    finds = """A schedule that falls, in the run or later, but is at its peak again (within 1 %) at the last step:
an exponential so slow that nothing happens, a fall that begins after the run, a cycle that has just started again."""
    why = """The end of a training at a low rate is where most of the gain of a schedule comes from. At the peak,
the last weights are as noisy as those in the middle."""
    example = """gs.check(gs.CosineRestarts(30), gs.Run(epochs=91))"""
    instead = """A fall that ends with the run: a period that divides its length, a gamma for its length, or
`.cooldown(...)` at its end."""
    explained_by = (
        "milestone-never-reached",
        "step-size-longer-than-run",
        "schedule-longer-than-run",
        "warmup-longer-than-run",
        "rises-after-end",
        "schedule-shorter-than-run",
        "growing-gamma",
    )
    valid = (
        ("Constant()", Run(epochs=90)),
        ("Constant().warmup(5)", Run(epochs=90)),
        ("CosineRestarts(30)", Run(epochs=90)),
        ("ExponentialDecay(0.95)", Run(epochs=90)),
        ("InverseSqrtDecay(10)", Run(epochs=90)),
        ("Triangular(15)", Run(epochs=90)),
        ("Constant().cooldown(80, 10)", Run(epochs=90)),
        ("PiecewiseLinear([(0, 0.1), (50, 1.0)])", Run(epochs=90)),
        ("Constant().hold(0.1, start=10, stop=20)", Run(epochs=90)),
    )
    invalid = (
        ("ExponentialDecay(0.99999)", Run(epochs=90)),
        ("CosineRestarts(30)", Run(epochs=91)),
        ("InverseSqrtDecay(100)", Run(epochs=90)),
        ("Triangular(30)", Run(epochs=91)),
        ("LinearDecay(30).repeat(30)", Run(epochs=91)),
        ("ExponentialDecay(0.9999999).warmup(5)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        near = 0.99  # of the peak: what no curve would show
        if plan.total == 1 or plan.last < near * plan.peak or not plan.falls(near) or _said_so(plan):
            return
        at_all = bool((plan.values[int(plan.values.argmax()) :] < near * plan.peak).any())
        why = "it has just started again" if at_all else "it has not begun to fall"
        yield Finding(
            f"the run ends at the peak of the rate: at {plan.moment(plan.total - 1)}, its last, {why}.",
            "Let a cycle end with the run." if at_all else f"Let it fall within {plan.length()}.",
        )


def _said_so(plan: Plan) -> bool:
    """Whether the low stretch is one that was written out, factor by factor."""
    return any(True for _ in plan.having("factor", "start", "stop")) or any(True for _ in plan.having("points"))
