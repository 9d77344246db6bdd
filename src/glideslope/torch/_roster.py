"""The param groups a scheduler knows."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, final

from torch import Tensor
from torch.optim import Optimizer

from ._groups import base_lrs
from ._keys import Key

Groups: TypeAlias = Sequence[dict[str, Any]]


def _mark(group: Mapping[str, Any]) -> object:
    """What a group is known by: its first parameter, for a load into the optimizer makes new dicts."""
    return group["params"][0] if group["params"] else group


@final
class Roster:
    """What was noted of every group when it was met: its base values, its name, and when its time began.

    A group keeps what was noted of it when others are added or removed, and when a checkpoint takes its name away.
    """

    def __init__(self, names: Sequence[str], scheduled: Sequence[str]) -> None:
        self.bases: dict[str, list[Any]] = {name: [] for name in names}
        self.names: list[str] = []
        self.starts: list[int] = []
        self._lr_is_scheduled = "lr" in scheduled
        self._marks: list[object] = []

    def fits(self, groups: Groups) -> bool:
        """Whether these are the groups that are known; looks at their number and at the last one."""
        return len(groups) == len(self._marks) and (not groups or _mark(groups[-1]) is self._marks[-1])

    def follow(self, optimizer: Optimizer, start: int) -> list[int | None]:
        """Take the optimizer's groups, new ones with their time beginning at ``start``.

        Returns the number that each of them had before; None for a new one.
        """
        groups: Groups = optimizer.param_groups
        known = {id(mark): i for i, mark in enumerate(self._marks)}
        old = [known.get(id(_mark(group))) for group in groups]
        if len(old) == len(self._marks) and not any(i is not None for i in old):
            old = list(range(len(groups)))  # a library has put other parameters into the same groups
        for name, bases in self.bases.items():
            bases[:] = [self._base(name, groups[i]) if j is None else bases[j] for i, j in enumerate(old)]
        self.names = [str(groups[i].get("name", "")) if j is None else self.names[j] for i, j in enumerate(old)]
        self.starts = [start if j is None else self.starts[j] for j in old]
        self._marks = [_mark(group) for group in groups]
        for name in self.bases:
            _untie(optimizer, name)
        return old

    def _base(self, name: str, group: dict[str, Any]) -> float | None:
        key = Key.parse(name)
        if name == "lr" and self._lr_is_scheduled:
            return base_lrs([group])[0]
        value = key.read(group) if key else None
        return 0.0 if value is None and name == "lr" else value  # an lr that is not scheduled may be no number

    def take(
        self, bases: Mapping[str, Sequence[Any]], starts: Sequence[int], names: Sequence[str], groups: Groups
    ) -> None:
        """Take the base values and starts of a state; where it has no base of a name, that of the groups."""
        self.starts = list(starts)
        for name in (*names, *bases):
            key = Key.parse(name)
            if name in bases:
                self.bases[name] = list(bases[name])
            elif name not in self.bases and key:
                found = [key.read(group) for group in groups]
                self.bases.update({name: found} if any(each is not None for each in found) else {})

    def renew(self, groups: Groups) -> None:
        """Take what a checkpoint that was loaded into the optimizer has brought.

        It brings the base lrs; a scheduled entry that it has not is put back.
        """
        for name, bases in self.bases.items():
            key = Key.parse(name)
            for i, group in enumerate(groups):
                if name == "lr" and self._lr_is_scheduled and "initial_lr" in group:
                    bases[i] = float(group["initial_lr"])
                elif key and key.index is None and bases[i] is not None:
                    group.setdefault(key.name, bases[i])
        self._marks = [_mark(group) for group in groups]


def _untie(optimizer: Optimizer, name: str) -> None:
    """Copy a tensor that is the optimizer's default, too: filled, it would be the default of groups added later."""
    key = Key.parse(name)
    default = key.held(getattr(optimizer, "defaults", {})) if key else None
    if key and isinstance(default, Tensor) and any(key.held(group) is default for group in optimizer.param_groups):
        key.put(optimizer.defaults, default.clone())
