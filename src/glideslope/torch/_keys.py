"""One hyperparameter of a param group, such as ``lr`` or ``betas[0]``: numbers are replaced, tensors filled."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import torch
from torch import Tensor

from .._check import plain_number

_TEXT = re.compile(r"([A-Za-z_]\w*)(?:\[(\d{1,9})\])?", re.ASCII)


@final
@dataclass(frozen=True, slots=True)
class Key:
    """The name of an entry of a param group, and the place in it when it is a tuple."""

    name: str
    index: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """Read ``"lr"`` or ``"betas[0]"``; None for anything else."""
        match = _TEXT.fullmatch(text)
        return match and cls(match[1], None if match[2] is None else int(match[2]))

    def __str__(self) -> str:
        return self.name if self.index is None else f"{self.name}[{self.index}]"

    def held(self, group: Mapping[str, Any]) -> Any:
        """What the group holds there: a number or a tensor; None when it has no such entry."""
        entry = group.get(self.name)
        if self.index is None:
            return None if isinstance(entry, (tuple, list)) else entry
        return entry[self.index] if isinstance(entry, (tuple, list)) and self.index < len(entry) else None

    def read(self, group: Mapping[str, Any]) -> float | None:
        """The group's value as a float; None when it has no such finite number."""
        held = self.held(group)
        if isinstance(held, Tensor):
            held = float(held) if held.numel() == 1 and held.device.type != "meta" else None
        return plain_number(held)

    def write(self, group: dict[str, Any], value: float) -> None:
        """Put one value into a group."""
        held = self.held(group)
        if isinstance(held, Tensor):
            held.fill_(value)
        else:
            self.put(group, value)

    def put(self, group: dict[str, Any], value: object) -> None:
        """Replace what the group holds there."""
        if self.index is None:
            group[self.name] = value
        else:
            entry = group[self.name]
            group[self.name] = type(entry)((*entry[: self.index], value, *entry[self.index + 1 :]))


LR = Key("lr")
BETA1 = Key("betas", 0)
MOMENTUM = Key("momentum")


def keys_of(groups: Sequence[Mapping[str, Any]]) -> list[str]:
    """The keys of all numbers in the groups, as text."""
    found: dict[str, None] = {}
    for group in groups:
        for name, entry in group.items():
            if name == "params" or name.startswith("initial_"):
                continue
            inside = range(len(entry)) if isinstance(entry, (tuple, list)) else (None,)
            found.update({str(key): None for key in (Key(name, i) for i in inside) if key.read(group) is not None})
    return list(found)


def fill(tensors: list[Tensor], values: list[float]) -> None:
    """Write numbers into tensors, one for each."""
    if tensors[0].is_cpu or len(set(map(id, tensors))) < len(tensors):
        for tensor, value in zip(tensors, values, strict=True):
            tensor.fill_(value)
    else:
        fill_together(tensors, values)


def fill_together(tensors: list[Tensor], values: list[float]) -> None:
    """The same in two calls, where a call costs more than its work: the numbers travel inside, nothing is copied."""
    torch._foreach_zero_(tensors)
    torch._foreach_add_(tensors, values)
