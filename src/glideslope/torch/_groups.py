"""Reading and writing one key of an optimizer's param groups: numbers are replaced, tensors are filled in place."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from .._check import Constraint, ListOf, Number, ScheduleError, Whole, check_value, shorten


def optimizer_of(where: str, optimizer: object) -> Optimizer:
    """Return the optimizer, or raise about ``where`` when it is none."""
    if not isinstance(optimizer, Optimizer):
        raise ScheduleError.about(f"{where}: `optimizer`", "be a torch.optim.Optimizer", optimizer)
    return optimizer


def base_lrs(groups: Sequence[dict[str, Any]]) -> list[float]:
    """Return the base lr of every group, and leave it in the group as ``initial_lr``, as torch does.

    A group that has an ``initial_lr`` keeps it: that is how the base survives in the optimizer's own checkpoint.
    """
    out = []
    for group in groups:
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


def state_of(where: str, state: object, groups: int, rules: Mapping[str, Constraint]) -> dict[str, Any]:
    """Return the entries of a state dict that ``rules`` names, each in its stored form.

    Raises about ``where`` for one that is missing or bad, and for another number of param groups than ``groups``.
    """
    if not isinstance(state, Mapping):
        raise ScheduleError.about(f"{where}: `state`", "be a dict from state_dict()", state)
    out = {}
    for key, rule in rules.items():
        if key not in state:
            raise ScheduleError(f"{where}: `state` must have the key `{key}`, got {shorten(sorted(map(str, state)))}.")
        out[key] = check_value(where, key, rule, state[key])
    if len(out["base_lrs"]) != groups:
        must = f"have one base lr for each of {groups} param groups"
        raise ScheduleError.about(f"{where}: `base_lrs`", must, list(out["base_lrs"]))
    return out


COUNTERS: Mapping[str, Constraint] = {
    "last_epoch": Whole(ge=0),
    "_step_count": Whole(ge=0),
    "base_lrs": ListOf(Number(ge=0)),
}
"""What every scheduler's state holds."""


def say(message: str, stacklevel: int) -> None:
    """Warn with the ``stacklevel`` that ``warnings.warn`` would need in the function that calls this."""
    warnings.warn(message, UserWarning, stacklevel=stacklevel + 1)
