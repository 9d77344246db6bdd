"""In what a schedule counts: its length in batches of a loader, or in epochs."""

from __future__ import annotations

import math

from .module import is_batches
from .values import Batches, Const, Scheduler, Value, number

LENGTHS = {
    "CosineAnnealingLR": "T_max",
    "OneCycleLR": "total_steps",
    "PolynomialLR": "total_iters",
    "CyclicLR": "step_size_up",
    "get_linear_schedule_with_warmup": "num_training_steps",
    "get_cosine_schedule_with_warmup": "num_training_steps",
    "get_polynomial_decay_schedule_with_warmup": "num_training_steps",
}
"""The argument that is the length of a schedule (of half a cycle, for ``CyclicLR``)."""


def length(scheduler: Scheduler) -> Value | None:
    """Return the length of a schedule, as far as the text says it."""
    if scheduler.name == "OneCycleLR" and not isinstance(scheduler.args.get("total_steps"), Batches):
        total = scheduler.args.get("total_steps")
        if total is not None and total != Const(None):
            return total
        epochs, each = scheduler.args.get("epochs"), scheduler.args.get("steps_per_epoch")
        if isinstance(each, Batches):
            times = number(epochs)
            known = times is not None and each.factor is not None
            return Batches(each.loader, each.name, each.factor * times if known else None)  # type: ignore[operator]
        a, b = number(epochs), number(each)
        return Const(a * b) if a is not None and b is not None else None
    name = LENGTHS.get(scheduler.name)
    return scheduler.args.get(name) if name else None


def counts_batches(scheduler: Scheduler) -> str | None:
    """Return the argument that shows that the schedule counts batches, or None."""
    names = [LENGTHS.get(scheduler.name, "")]
    if scheduler.name == "OneCycleLR":
        names.append("steps_per_epoch")
    return next((name for name in names if is_batches(scheduler.args.get(name))), None)


def steps_to(scheduler: Scheduler, share: float) -> float | None:
    """Return after how many steps a falling staircase is at ``share`` of its start; None where that cannot be said."""
    gamma = number(scheduler.args.get("gamma"))
    if gamma is None or not 0 < gamma < 1:
        return None
    falls = math.ceil(math.log(share) / math.log(gamma) - 1e-9)
    if scheduler.name == "ExponentialLR":
        return falls
    if scheduler.name == "StepLR":
        size = number(scheduler.args.get("step_size"))
        return falls * size if size is not None else None
    return None
