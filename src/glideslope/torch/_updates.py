"""Counting the updates an optimizer really makes, through its public post-step hook.

The hook stays silent when an AMP GradScaler skips a step of a non-fused optimizer, and ``step`` itself is never
touched.
"""

import weakref
from collections.abc import Callable
from typing import Any

from torch import Tensor, isfinite
from torch.optim import Optimizer

from ._groups import say


class Updates:
    """The number of updates an optimizer has made since the counter was first asked for; one counter per optimizer."""

    _all: "weakref.WeakKeyDictionary[Optimizer, Updates]" = weakref.WeakKeyDictionary()

    def __init__(self) -> None:
        self.count = 0

    @classmethod
    def of(cls, optimizer: Optimizer) -> "Updates":
        """Return the counter of an optimizer; the same one at every call."""
        optimizer = _real(optimizer)
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

    handle = _real(optimizer).register_step_post_hook(hook)
    weakref.finalize(owner, handle.remove)


def _real(optimizer: Optimizer) -> Optimizer:
    """The optimizer that makes the updates: Accelerate hands out a wrapper that has no hooks of its own."""
    while not hasattr(optimizer, "_optimizer_step_post_hooks"):
        optimizer = optimizer.optimizer  # type: ignore[attr-defined]
    return optimizer


def looks_skipped(optimizer: Optimizer) -> bool:
    """Return True when the gradients hold an inf or a NaN: the update was not forgotten, a GradScaler skipped it."""

    def values(grad: Tensor) -> Tensor:
        return grad._values() if grad.is_sparse else grad

    params = (p for group in optimizer.param_groups for p in group["params"])
    return any(p.grad is not None and not bool(isfinite(values(p.grad)).all()) for p in params)


class FirstStep:
    """The order of the two ``step()`` calls, looked at once, when a scheduler takes its first step.

    By then the optimizer must have made an update. A step that a GradScaler skipped is no mistake.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._optimizer, self._updates = optimizer, Updates.of(optimizer)
        self._start = self._updates.count

    @property
    def updated(self) -> bool:
        """True when the optimizer has made an update since."""
        return self._updates.count > self._start

    def look(self, name: str, stacklevel: int) -> None:
        """Warn, for the scheduler of this name, when the order is wrong."""
        if not self.updated and not looks_skipped(self._optimizer):
            say(
                f"{name}: step() was called before optimizer.step(), so the first learning rate of the schedule is "
                "never used. Call optimizer.step() first, then scheduler.step(). See "
                "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate",
                stacklevel=stacklevel + 1,
            )

    @classmethod
    def packed(cls, pending: "FirstStep | None") -> bool:
        """What a copy of the scheduler has to know: is the look still to come?"""
        return pending is not None and not pending.updated
