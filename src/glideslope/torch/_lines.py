"""Writing: every schedule in force is evaluated once, and its value goes to all the groups that follow it."""

from collections.abc import Mapping, Sequence
from typing import Any, final

from torch import Tensor

from ..schedule import Schedule
from ._keys import Key, fill


@final
class Line:
    """One schedule in force, with the groups that follow it: ``value = bases[i] * schedule(t - start)``."""

    __slots__ = ("bases", "groups", "key", "schedule", "start", "whole", "written")

    def __init__(
        self, key: Key, schedule: Schedule, start: int, groups: list[int], bases: list[Any], whole: bool = False
    ) -> None:
        self.key, self.schedule, self.start, self.groups, self.bases = key, schedule, start, groups, bases
        self.whole = whole  # a whole number, such as max_iter, stays one
        self.written: list[float | Tensor | None] = [None] * len(bases)


def write(
    lines: Sequence[Line], groups: list[dict[str, Any]], t: float, plateau: float
) -> tuple[Key, int, object] | None:
    """Write the values of time ``t``; the lr is also multiplied by what a plateau has left of it.

    Returns the first key and group whose number was not the one written here before, and that number.
    """
    strange = None
    tensors: list[Tensor] = []
    values: list[float] = []
    for line in lines:
        factor = line.schedule(max(t - line.start, 0) if line.start else t)
        key, name, bases, written = line.key, line.key.name, line.bases, line.written
        if name == "lr":
            factor *= plateau
        alone = key.index is None
        for i in line.groups:
            value = bases[i] * factor
            held, last = groups[i][name] if alone else key.held(groups[i]), written[i]
            if type(held) is not float and isinstance(held, Tensor):
                tensors.append(held)
                values.append(value)
                written[i] = held
                continue
            if held is not last and last is not None and held != last:
                strange = strange or (key, i, held)
            if line.whole:
                value = round(value)
            written[i] = value
            if alone:
                groups[i][name] = value
            else:
                key.put(groups[i], value)
    if tensors:
        fill(tensors, values)
    return strange


def are_written(lines: Sequence[Line], groups: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every number in the groups is the one last written, and every tensor the one last filled."""

    def same(held: object, last: object) -> bool:
        return last is None or held is last or (not isinstance(held, Tensor) and held == last)

    return all(same(line.key.held(groups[i]), line.written[i]) for line in lines for i in line.groups)


def separate(lines: Sequence[Line], groups: Sequence[dict[str, Any]]) -> None:
    """Give each line tensors of its own: torch puts one default tensor into many groups."""
    owner: dict[int, Line] = {}
    for line in lines:
        for i in line.groups:
            held = line.key.held(groups[i])
            if isinstance(held, Tensor) and owner.setdefault(id(held), line) is not line:
                line.key.put(groups[i], held.clone())
