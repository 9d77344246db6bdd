"""The clock and the values as tensors: a step is tensor operations alone, inside a compiled or captured step, too."""

from collections.abc import Sequence
from typing import Any, final

import torch
from torch import Tensor

from .._check import ScheduleError
from .._ops import torch_ops
from ._keys import Key
from ._lines import Line

OPS = torch_ops()


@final
class OnDevice:
    """Where the run is, as a tensor on the optimizer's device; the host is not asked and nothing is copied there."""

    def __init__(self, groups: Sequence[dict[str, Any]], keys: Sequence[Key]) -> None:
        devices = {p.device for group in groups for p in group["params"]}
        if len(devices) != 1:
            must = "lie on one device for device=True"
            raise ScheduleError.about("Scheduler: the params", must, sorted(map(str, devices)))
        (self.device,) = devices
        for held in (key.held(group) for key in keys for group in groups):
            if isinstance(held, Tensor) and held.device != self.device:
                must = f"be tensors on {self.device}, where the params are, for device=True"
                raise ScheduleError.about("Scheduler: scheduled tensors", must, held)
        self.dtype = torch.float32 if self.device.type == "mps" else torch.float64
        # One element, not 0 dimensions: torch.compile loses what is written into a 0-dimensional float64 of the CPU.
        self.clock = torch.zeros(1, dtype=self.dtype, device=self.device)
        self.plateau = torch.ones(1, dtype=self.dtype, device=self.device)
        self._lines: list[tuple[Line, Tensor]] = []

    def take(self, lines: Sequence[Line], groups: Sequence[dict[str, Any]]) -> None:
        """Take other lines: their base values go to the device, and the groups' numbers become tensors."""
        for line in lines:
            line.schedule(self.clock)  # a long table is put there now, not in the middle of a captured step
            for i in line.groups:
                _hold(line.key, groups[i], self.device)
        self._lines = [
            (line, torch.tensor([line.bases[i] for i in line.groups], dtype=self.dtype, device=self.device))
            for line in lines
        ]

    def advance(self, optimizer: Any) -> None:
        """One step on, unless a fused optimizer has skipped its update for a GradScaler."""
        found_inf = getattr(optimizer, "found_inf", None)
        self.clock.add_(1 if found_inf is None else (found_inf == 0).to(self.dtype))

    def write(self, groups: Sequence[dict[str, Any]]) -> None:
        """Evaluate every line at the clock, and fill the groups' tensors."""
        for line, bases in self._lines:
            factor = line.schedule._factor(OPS.at_least(self.clock - line.start, 0.0), OPS)
            if line.key.name == "lr":
                factor = factor * self.plateau
            held = [line.key.held(groups[i]) for i in line.groups]
            if len(held) == 1:
                held[0].copy_((bases * factor).reshape(held[0].shape))
            else:
                torch._foreach_copy_(held, list((bases * factor).to(held[0].dtype).unbind()))

    def bring(self, groups: Sequence[dict[str, Any]]) -> None:
        """Bring the tensors of a loaded checkpoint to the device."""
        for line, _ in self._lines:
            for i in line.groups:
                held = line.key.held(groups[i])
                if isinstance(held, Tensor):
                    line.key.put(groups[i], held.to(self.device))


def _hold(key: Key, group: dict[str, Any], device: torch.device) -> None:
    """Make a number of the group, and its neighbours in a tuple, a tensor on the device."""
    if isinstance(key.held(group), Tensor):
        return
    entry = [group[key.name]] if key.index is None else group[key.name]
    for i, each in enumerate(entry):
        if not isinstance(each, Tensor):
            there = key if key.index is None else Key(key.name, i)
            there.put(group, torch.tensor(float(each), dtype=torch.float32, device=device))
