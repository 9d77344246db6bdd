"""Loading a state, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .._check import ListOf, Number, ScheduleError, check_value
from ..torch._groups import plain, put_back, snapshot
from ..torch._updates import Updates
from ._node import Node


def load(node: Any, state: Any) -> None:
    """Load a state into a scheduler, whole or not at all."""
    where = f"{type(node).__name__}.load_state_dict"
    optimizer = node.optimizer
    lrs = lrs_of(where, state, len(optimizer.param_groups))
    now = [float(group["lr"]) for group in optimizer.param_groups]
    counter = Updates.of(optimizer)
    # torch's states hold what that scheduler wrote last. Where the lrs are not those that building left behind, the
    # optimizer's own checkpoint has been loaded meanwhile, which knows what was in force.
    loaded = "class" not in state and counter.count == counter.left[0] and now != counter.left[1]
    with all_or_nothing(where, node):
        node._take_state(where, state)
        node._resume(now if loaded else lrs)
    if not loaded:
        Updates.note_lrs(optimizer)


@contextmanager
def all_or_nothing(where: str, node: Any) -> Iterator[None]:
    """Put a scheduler, its parts and the optimizer's groups back to what they were when something raises."""
    nodes = [(each, each.__getstate__()) for each in parts_of(node) if isinstance(each, Node)]
    groups = [snapshot(group) for group in node.optimizer.param_groups]
    try:
        yield
    except Exception as error:
        for each, before in nodes:
            each.__setstate__(before)
        for group, values in zip(node.optimizer.param_groups, groups, strict=True):
            put_back(group, values)
        if isinstance(
            error, (KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError, ArithmeticError)
        ):
            if isinstance(error, ScheduleError):
                raise
            raise ScheduleError(f"{where}: `state` must be one that state_dict() made; {error!r} in it.") from None
        raise


def parts_of(node: Any) -> Iterator[Any]:
    """Walk a scheduler and everything inside it."""
    yield node
    for child in getattr(node, "_schedulers", ()):
        yield from parts_of(child)


def lrs_of(where: str, state: Any, groups: int) -> list[float]:
    """Return the lrs that were in force when a state was taken, one for each param group."""
    if not isinstance(state, dict):
        raise ScheduleError.about(f"{where}: `state`", "be a dict from state_dict()", state)
    if "_last_lr" not in state:
        raise ScheduleError(f"{where}: `state` must have the key `_last_lr`; this is no state of a scheduler.")
    lrs = list(check_value(where, "_last_lr", ListOf(Number()), plain(state["_last_lr"])))
    if len(lrs) != groups:
        raise ScheduleError.about(f"{where}: `_last_lr`", f"have one lr for each of {groups} param groups", lrs)
    return lrs
