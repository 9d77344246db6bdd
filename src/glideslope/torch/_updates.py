"""Counting the updates an optimizer really makes, through its public post-step hook.

The hook stays silent when an AMP GradScaler skips a step, and ``step`` itself is never touched.
"""

import sys
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from torch.optim import Optimizer

from ..checks import Diagnostic

_T = TypeVar("_T")


class Updates:
    """The number of updates an optimizer has made since the counter was first asked for; one counter per optimizer."""

    total = 0  # of all optimizers
    _all: "weakref.WeakKeyDictionary[Optimizer, Updates]" = weakref.WeakKeyDictionary()

    def __init__(self) -> None:
        self.count = 0
        self.left: tuple[int, list[float]] = (-1, [])  # updates made, and the lrs, when a scheduler last placed itself
        self.driver = ""  # the name of the last scheduler that took a step
        self.said: list[Diagnostic] = []  # what schedulers did wrong with it

    @classmethod
    def of(cls, optimizer: Optimizer) -> "Updates":
        """Return the counter of an optimizer; the same one at every call."""
        optimizer = real(optimizer)
        counter = cls._all.get(optimizer)
        if counter is None:
            counter = cls._all[optimizer] = cls()
            if countable(optimizer):
                on_update(optimizer, counter, cls._tick)
                on_load(optimizer, counter, cls._forget)
        return counter

    @classmethod
    def driver_of(cls, optimizer: Optimizer) -> str:
        """Return the name of the last scheduler that took a step on an optimizer; empty when none has."""
        counter = cls._all.get(real(optimizer))
        return counter.driver if counter else ""

    @classmethod
    def note_lrs(cls, optimizer: Optimizer) -> None:
        """Remember the lrs that building or loading a scheduler has left in the groups."""
        counter = cls.of(optimizer)
        counter.left = counter.count, [float(group["lr"]) for group in optimizer.param_groups]

    def _tick(self) -> None:
        self.count += 1
        Updates.total += 1

    def _forget(self) -> None:
        """A loaded checkpoint goes on from there, whoever drove the optimizer before."""
        self.driver = ""


def on_update(optimizer: Optimizer, owner: _T, call: Callable[[_T], None], even_skipped: bool = False) -> None:
    """Call ``call(owner)`` after every update for as long as the owner lives; the optimizer does not keep it alive.

    A fused optimizer under a GradScaler makes its step although the kernel skips the update: such a step is no update.
    To know it the host waits for the device; with ``even_skipped`` it does not, and the call is made.
    """
    levels = sum(getattr(vars(cls).get("step"), "hooked", False) is True for cls in type(real(optimizer)).__mro__)

    def hook(target: _T, optimizer: Optimizer) -> None:
        if (even_skipped or not _skipped(optimizer)) and (levels < 2 or not _inside_another_step()):
            call(target)

    _attach(real(optimizer).register_step_post_hook, owner, hook)


def before_update(optimizer: Optimizer, owner: _T, call: Callable[[_T], None]) -> None:
    """Call ``call(owner)`` before every update, for as long as the owner lives."""
    if countable(optimizer):
        _attach(real(optimizer).register_step_pre_hook, owner, lambda target, _: call(target))


def before_load(optimizer: Optimizer, owner: _T, call: Callable[[_T], None]) -> None:
    """Call ``call(owner)`` before a checkpoint is loaded into the optimizer, for as long as the owner lives."""
    if countable(optimizer):
        _attach(real(optimizer).register_load_state_dict_pre_hook, owner, lambda target, _: call(target))


def on_load(optimizer: Optimizer, owner: _T, call: Callable[[_T], None]) -> None:
    """Call ``call(owner)`` when a checkpoint has been loaded into the optimizer, for as long as the owner lives."""
    if countable(optimizer):
        _attach(real(optimizer).register_load_state_dict_post_hook, owner, lambda target, _: call(target))


def _attach(register: Callable[[Any], Any], owner: _T, call: Callable[[_T, Optimizer], None]) -> None:
    alive = weakref.ref(owner)

    def hook(optimizer: Optimizer, *_: Any) -> None:
        target = alive()
        if target is not None:
            call(target, optimizer)

    # torch.compile goes round it: the step would be compiled again whenever what the hook counts makes a difference.
    hook._torchdynamo_disable = True  # type: ignore[attr-defined]
    weakref.finalize(owner, register(hook).remove)


def _skipped(optimizer: Optimizer) -> bool:
    """Whether a GradScaler has told a fused optimizer, by the attribute it sets for this step, to skip it."""
    found_inf = getattr(optimizer, "found_inf", None)
    return found_inf is not None and bool(found_inf)


def real(optimizer: Optimizer) -> Optimizer:
    """The optimizer that makes the updates: Accelerate hands out a wrapper that has no hooks of its own."""
    while not hasattr(optimizer, "_optimizer_step_post_hooks") and hasattr(optimizer, "optimizer"):
        optimizer = optimizer.optimizer
    return optimizer


def countable(optimizer: Optimizer) -> bool:
    """Whether torch calls hooks after this optimizer's updates; not where its class skips Optimizer.__init__."""
    optimizer = real(optimizer)
    hooked = getattr(type(optimizer).step, "hooked", False)
    return bool(hooked) and hasattr(optimizer, "_optimizer_step_post_hooks")


def _inside_another_step() -> bool:
    """Whether a class's step was called by that of its subclass, which torch hooks as well: one update, two calls."""
    wrapper = sys._getframe(3)  # torch's, which called the hook
    frame = wrapper.f_back
    while frame is not None:
        if frame.f_code is wrapper.f_code and frame.f_locals.get("args", ())[:1] == wrapper.f_locals["args"][:1]:
            return True
        frame = frame.f_back
    return False
