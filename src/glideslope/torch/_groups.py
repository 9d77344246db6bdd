"""The param groups of an optimizer, and the entries every scheduler's state has."""

import sys
import warnings
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from .._check import MAX_STEP, Constraint, ListOf, Number, ScheduleError, Whole, check_value, shorten
from ._keys import BETA1, LR, MOMENTUM


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
        lr = group["lr"]
        out.append(float(group.setdefault("initial_lr", lr.clone() if isinstance(lr, Tensor) else lr)))
    return out


write = LR.write


def snapshot(group: dict[str, Any]) -> dict[str, Any]:
    """Copy what schedulers write into a group."""
    keys = ("lr", "momentum", "betas")
    return {key: deepcopy(group[key]) for key in keys if key in group}


def put_back(group: dict[str, Any], values: dict[str, Any]) -> None:
    """Write a snapshot into its group; tensors are filled in place."""
    write(group, float(values["lr"]))
    if "betas" in values or "momentum" in values:
        put_momentum(group, float(values["betas"][0] if "betas" in values else values["momentum"]))


def put_momentum(group: dict[str, Any], value: float) -> None:
    """Put one momentum, or beta1, into a group."""
    (BETA1 if "betas" in group else MOMENTUM).write(group, value)


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
        out[key] = check_value(where, key, rule, plain(state[key]))
    if len(out["base_lrs"]) != groups:
        must, got = f"have one base lr for each of {groups} param groups", list(out["base_lrs"])
        hint = f"The checkpoint has {len(got)} groups, the optimizer {groups}: add or remove some before loading."
        raise ScheduleError.about(f"{where}: `base_lrs`", must, got, hint)
    return out


@dataclass(frozen=True)
class Epoch(Constraint):
    """A place in a run: a whole number where it is one, for torch's step(epoch) takes fractions of epochs, too."""

    @property
    def text(self) -> str:
        return Number(ge=0).text

    def accept(self, value: object) -> float:
        number = Number(ge=0, le=MAX_STEP).accept(value)
        return int(number) if number == int(number) else number


COUNTERS: Mapping[str, Constraint] = {
    "last_epoch": Epoch(),
    "_step_count": Whole(ge=0),
    "base_lrs": ListOf(Number(ge=0)),
}
"""What every scheduler's state holds."""


def plain(value: Any) -> Any:
    """Return a value with every tensor in it turned into a number, or a list of numbers."""
    if isinstance(value, Tensor):
        return value.tolist()
    if type(value) in (list, tuple):
        return type(value)(map(plain, value))
    return value


def say(message: str) -> None:
    """Warn at the line outside these modules, and torch's that called them, that led here."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(("glideslope.", "torch.")):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, UserWarning, stacklevel=level)
