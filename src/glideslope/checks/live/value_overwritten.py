"""value-overwritten: two writers of one hyperparameter."""

from __future__ import annotations

from typing import final

from ..rule import Rule


@final
class ValueOverwritten(Rule):
    """Two writers of one hyperparameter."""

    code = "GS304"
    name = "value-overwritten"
    finds = """A hyperparameter that a `Scheduler` drives and something else has set between two of its steps."""
    why = """A `Scheduler` writes the closed form of its schedule, so what was set is lost at the next step: a second
scheduler on the same optimizer, or a line of the loop, has no effect or fights with it."""
    example = """scheduler = Scheduler(optimizer, gs.StepDecay(30))
plateau = ReduceLROnPlateau(optimizer)"""
    instead = """One scheduler, with all of it: `Scheduler(optimizer, gs.StepDecay(30), plateau=gs.Plateau())`. By
hand: `scheduler.override(lr=0.01)`."""
