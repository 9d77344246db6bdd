"""optimizer-step-replaced: updates that cannot be counted."""

from __future__ import annotations

from typing import final

from ..rule import Rule


@final
class OptimizerStepReplaced(Rule):
    """Updates that cannot be counted."""

    code = "GS301"
    name = "optimizer-step-replaced"
    finds = """An optimizer whose `step` was replaced, on the object, after the scheduler was built. What
`torch.compile` and torch's own schedulers put there is fine."""
    why = """Updates that do not go through the step of the class are not counted. The order of the two `step` calls
cannot be looked at, and a `Scheduler` with `advance="optimizer"` does not move."""
    example = """scheduler = StepLR(optimizer, step_size=30)
optimizer.step = my_step"""
    instead = """A subclass of the optimizer with a `step` of its own; or a hook,
`optimizer.register_step_post_hook(...)`."""
