"""rises-after-end: a fall that turns round and rises again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule, literal
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import plan_of, said


@final
class RisesAfterEnd(PlanRule):
    """A fall that turns round and rises again."""

    code = "GS110"
    name = "rises-after-end"
    finds = """A `CosineWave` (torch's `CosineAnnealingLR`) that is past its first bottom when the run ends, and not
back at a bottom."""
    why = """`CosineAnnealingLR` does not stop at `T_max`: it rises again, and the run ends at a rate far above the
lowest one."""
    example = """gs.check(gs.CosineWave(60), gs.Run(epochs=90))"""
    instead = """`CosineDecay(60)`, which stays down; or a half period that ends with the run."""
    explained_by = ("schedule-shorter-than-run",)
    valid = (
        ("CosineWave(90)", Run(epochs=90)),
        ("CosineWave(30)", Run(epochs=90)),
        ("CosineWave(100)", Run(epochs=90)),
        ("CosineDecay(60, end_factor=0.1)", Run(epochs=90)),
        ("CosineRestarts(30)", Run(epochs=90)),
        ("Triangular(15)", Run(epochs=90)),
    )
    invalid = (
        ("CosineWave(60)", Run(epochs=90)),
        ("CosineWave(45)", Run(epochs=91)),
        ("CosineWave('60ep', end_factor=0.1)", Run(epochs=90, steps_per_epoch=5004)),
        ("CosineWave(60).warmup(5)", Run(epochs=90)),
        ("CosineWave(20).stretch(3)", Run(epochs=90)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        for part in plan.having("half_period"):
            half = part.schedule.half_period
            bottom = part.at(half)
            if bottom is None or bottom >= plan.total - 1 or plan.last <= 0.05 * plan.peak + plan.factor(bottom):
                continue
            yield Finding(
                f"half_period is {said(half)}: the rate rises again after {plan.moment(bottom, half)}, and the run "
                f"ends at {plan.last_share} of the peak.",
                f'CosineDecay({literal(half)}) stays down, and a half period of "100%" ends with the run.',
            )
            return
