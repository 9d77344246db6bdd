"""Reading and writing one key of an optimizer's param groups: numbers are replaced, tensors are filled in place."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from .._check import ScheduleError, shorten


def optimizer_of(where: str, optimizer: object) -> Optimizer:
    """Return the optimizer, or raise about ``where`` when it is none."""
    if not isinstance(optimizer, Optimizer):
        raise ScheduleError.about(f"{where}: `optimizer`", "be a torch.optim.Optimizer", optimizer)
    return optimizer


def base_lrs(groups: Sequence[dict[str, Any]], start: int = 0) -> list[float]:
    """Return the base lr of every group from ``start`` on, and leave it in the group as ``initial_lr``, as torch does.

    A group that has an ``initial_lr`` keeps it: that is how the base survives in the optimizer's own checkpoint.
    """
    out = []
    for group in groups[start:]:
        base = float(group.get("initial_lr", group["lr"]))
        group.setdefault("initial_lr", base)
        out.append(base)
    return out


def write(group: dict[str, Any], value: float) -> None:
    """Put one learning rate into a group."""
    lr = group["lr"]
    if isinstance(lr, Tensor):
        lr.fill_(value)
    else:
        group["lr"] = value


def state_of(where: str, state: object, keys: Sequence[str]) -> Mapping[str, Any]:
    """Return a state dict that has ``keys``, or raise about ``where`` and name the first one that is missing."""
    if not isinstance(state, Mapping):
        raise ScheduleError.about(f"{where}: `state`", "be a dict from state_dict()", state)
    for key in keys:
        if key not in state:
            raise ScheduleError(f"{where}: `state` must have the key `{key}`, got {shorten(sorted(map(str, state)))}.")
    return state


def say(message: str, stacklevel: int = 3) -> None:
    """Warn the caller of the scheduler's method."""
    warnings.warn(message, UserWarning, stacklevel=stacklevel + 1)
