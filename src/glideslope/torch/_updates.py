"""Counting the updates an optimizer really makes, through its public post-step hook.

The hook stays silent when an AMP GradScaler skips a step of a non-fused optimizer, and ``step`` itself is never
touched.
"""

import weakref
from collections.abc import Callable
from typing import Any

from torch import Tensor, isfinite
from torch.optim import Optimizer


class Updates:
    """The number of updates an optimizer has made since the counter was first asked for; one counter per optimizer."""

    _all: "weakref.WeakKeyDictionary[Optimizer, Updates]" = weakref.WeakKeyDictionary()

    def __init__(self) -> None:
        self.count = 0

    @classmethod
    def of(cls, optimizer: Optimizer) -> "Updates":
        """Return the counter of an optimizer; the same one at every call."""
        counter = cls._all.get(optimizer)
        if counter is None:
            counter = cls._all[optimizer] = cls()
            on_update(optimizer, counter, cls._tick)
        return counter

    def _tick(self) -> None:
        self.count += 1


def on_update(optimizer: Optimizer, owner: Any, call: Callable[[Any], None]) -> None:
    """Call ``call(owner)`` after every update for as long as the owner lives; the optimizer does not keep it alive."""
    alive = weakref.ref(owner)

    def hook(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        target = alive()
        if target is not None:
            call(target)

    handle = optimizer.register_step_post_hook(hook)
    weakref.finalize(owner, handle.remove)


def looks_skipped(optimizer: Optimizer) -> bool:
    """Return True when the gradients hold an inf or a NaN: the update was not forgotten, a GradScaler skipped it."""

    def values(grad: Tensor) -> Tensor:
        return grad._values() if grad.is_sparse else grad

    params = (p for group in optimizer.param_groups for p in group["params"])
    return any(p.grad is not None and not bool(isfinite(values(p.grad)).all()) for p in params)
