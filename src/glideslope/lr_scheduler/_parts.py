"""What the schedulers made of schedulers share: looking at their parts, and at their states."""

from collections.abc import Sequence
from typing import Any

from torch.optim import Optimizer

from .._check import ScheduleError
from ..torch._groups import optimizer_of
from ._node import Node, of_another_class


def check_parts(where: str, optimizer: object, schedulers: Any) -> Optimizer:
    """Return the one optimizer that all parts stand on, or raise about ``where``."""
    if isinstance(schedulers, (str, bytes)) or not isinstance(schedulers, Sequence) or len(schedulers) < 1:
        raise ScheduleError.about(f"{where}: `schedulers`", "be a list of at least one scheduler", schedulers)
    one = optimizer_of(where, optimizer)
    for i, each in enumerate(schedulers):
        if getattr(each, "optimizer", None) is None:
            raise ScheduleError.about(f"{where}: schedulers[{i}]", "be a scheduler, with an optimizer", each)
        if each.optimizer is not one:
            raise ScheduleError(f"{where}: schedulers[{i}] must stand on the same optimizer as {where} itself does.")
    return one


def one_state_each(where: str, cls: type, schedulers: Sequence[Any], state: Any, fits: bool) -> list[Any]:
    """Return the states of the parts; torch counts those that have not begun from below 0.

    ``fits`` is whether a state that does not say whose it is has the keys of this class.
    """
    said = str(state.get("class", cls.__name__ if fits else None))
    states = state.get("_schedulers")
    if said not in [base.__name__ for base in cls.__mro__] or not isinstance(states, (list, tuple)):
        raise of_another_class(where, cls, said if "class" in state else "")
    if len(states) != len(schedulers):
        must = f"have a state for each of {len(schedulers)} schedulers"
        raise ScheduleError.about(f"{where}: `_schedulers`", must, len(states))
    for each in states:
        if not isinstance(each, dict):
            raise ScheduleError.about(f"{where}: `_schedulers`", "be a list of states", each)
    return [
        {**each, "last_epoch": max(each["last_epoch"], 0)} if isinstance(mine, Node) and "last_epoch" in each else each
        for mine, each in zip(schedulers, states, strict=True)
    ]
