"""drop-too-harsh: a single drop by much more than a factor of ten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...clock import Run
from ...schedule import Schedule
from ..rule import Finding, PlanRule
from ..settings import Settings
from ._plan import plan_of


@final
class DropTooHarsh(PlanRule):
    """A single drop by much more than a factor of ten."""

    code = "GS109"
    name = "drop-too-harsh"
    finds = """A single step at which the rate drops by more than a factor of 20 (`harshest-drop` in
pyproject.toml). A drop to exactly 0 is an end, and what is held with `.hold(...)` is meant; neither is reported."""
    why = """A factor of ten is the classic; a much greater one freezes what the training was still moving, and the
statistics of normalisation layers and of Adam lag behind. The stretches between two drops are then spent at rates
that do little."""
    example = """gs.check(gs.StepDecay(30, gamma=0.01), gs.Run(epochs=90))"""
    instead = """A gamma between 0.1 and 0.5, with more milestones for the same end."""
    explained_by = ("duplicate-milestone", "decay-too-fast")
    valid = (
        ("StepDecay(30)", Run(epochs=90)),
        ("StepDecay(30, gamma=0.05)", Run(epochs=90)),
        ("MultiStepDecay([30, 60], gamma=0.2)", Run(epochs=90)),
        ("CosineDecay(90)", Run(epochs=90)),
        ("OneCycle(90)", Run(epochs=90)),
        ("Constant().hold(0.001, start=80)", Run(epochs=90)),
        ("CosineRestarts(30)", Run(epochs=90)),
        ("ExponentialDecay(0.95)", Run(epochs=90)),
    )
    invalid = (
        ("StepDecay(30, gamma=0.01)", Run(epochs=90)),
        ("MultiStepDecay([30, 60], gamma=[0.1, 0.02])", Run(epochs=90)),
        ("PiecewiseConstant([30, 60], factors=[1.0, 0.3, 0.001])", Run(epochs=90)),
        ("StepDecay(30) * StepDecay(30)", Run(epochs=90)),
        ("sequence([Constant(), Constant(0.01)], milestones=[80])", Run(epochs=90)),
        ("MultiStepDecay(['30ep', '60ep'], gamma=0.01)", Run(epochs=90, steps_per_epoch=10)),
    )

    def check(self, schedule: Schedule, run: Run, settings: Settings) -> Iterator[Finding]:
        plan = plan_of(schedule, run)
        for step in _jumps(schedule, run):
            before, after = plan.factor(step - 1), plan.factor(step)
            if 0 < after * settings.harshest_drop * (1 + 1e-9) < before:
                yield Finding(
                    f"the rate drops by a factor of {before / after:.3g} at {plan.moment(step)}, from {before:.3g} to "
                    f"{after:.3g}.",
                    f"Drops by more than {settings.harshest_drop:g} can destabilise: take smaller ones, and more.",
                )
                return


def _jumps(schedule: Schedule, run: Run) -> list[int]:
    """Steps at which the rate may jump: milestones, and the first few drops of an even staircase."""
    steps: set[int | None] = set()
    for part in plan_of(schedule, run).parts:
        own = part.schedule
        if hasattr(own, "milestones"):
            steps.update(part.at(each) for each in own.milestones)
        elif hasattr(own, "step_size"):
            steps.update(part.place(k * run.count(own.step_size)) for k in (1, 2, 3))
    return sorted(step for step in steps if step is not None and 0 < step < run.total_steps)
