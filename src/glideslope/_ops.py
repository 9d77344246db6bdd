"""The few operations a curve is written in, for Python numbers, numpy arrays and torch tensors.

A formula takes ``(t, ops)`` and uses operators and these names only, so one formula serves all three.
Torch is never imported here: a tensor in hand means that its module is loaded already.
"""

# mypy: disable-error-code="assignment, method-assign, override"
# The subclasses put the library's own functions, typed for their own arrays, in the place of the scalar ones.

import math
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

Piece: TypeAlias = Callable[[int, Any], Any]

UNROLLED = 64
"""Up to so many edges a tensor is compared edge by edge: no copy to the device, nothing to synchronise."""


class Ops:
    """Operations on Python numbers; the subclasses do the same elementwise."""

    cos = staticmethod(math.cos)
    sqrt = staticmethod(math.sqrt)

    @staticmethod
    def where(condition: Any, yes: Any, no: Any) -> Any:
        """``yes`` where the condition holds, else ``no``; both are computed."""
        return yes if condition else no

    @staticmethod
    def clip(x: Any, low: float, high: float) -> Any:
        """``x`` held inside [low, high]."""
        return low if x < low else high if x > high else x

    @staticmethod
    def at_least(x: Any, low: float) -> Any:
        """The larger of ``x`` and ``low``."""
        return low if x < low else x

    @staticmethod
    def power(base: Any, exponent: Any) -> Any:
        """``base ** exponent``; too large for float64 is inf."""
        try:
            return base**exponent
        except OverflowError:
            return math.inf

    @staticmethod
    def full(t: Any, value: float) -> Any:
        """``value`` in the shape of ``t``."""
        return value

    @staticmethod
    def lookup(t: Any, edges: Sequence[float], values: Sequence[float]) -> Any:
        """``values[number of edges <= t]``."""
        return values[bisect_right(edges, t)]

    @staticmethod
    def piecewise(t: Any, edges: Sequence[float], piece: Piece) -> Any:
        """``piece(number of edges <= t, t)``: a number and an array ask for each piece only where it counts."""
        return piece(bisect_right(edges, t), t)

    @staticmethod
    def snap(x: Any) -> Any:
        """The nearest whole number when ``x`` is within 1e-9 (relative) of it: t/0.1 must not miss its milestone."""
        whole = round(x)
        return whole if abs(x - whole) <= 1e-9 * max(1, whole) else x


class _NumpyOps(Ops):
    def __init__(self) -> None:
        import numpy as np

        self.np = np
        self.cos, self.sqrt, self.where = np.cos, np.sqrt, np.where
        self.clip, self.at_least, self.power = np.clip, np.maximum, np.power

    def lookup(self, t: Any, edges: Sequence[float], values: Sequence[float]) -> Any:
        return self.np.asarray(values, dtype=float)[self.np.searchsorted(edges, t, side="right")]

    def full(self, t: Any, value: float) -> Any:
        return self.np.full_like(t, value)

    def piecewise(self, t: Any, edges: Sequence[float], piece: Piece) -> Any:
        which = self.np.searchsorted(edges, t, side="right")
        out = self.np.empty_like(t)
        for number in self.np.unique(which):
            here = which == number
            out[here] = piece(int(number), t[here])
        return out

    def snap(self, x: Any) -> Any:
        whole = self.np.rint(x)
        return self.np.where(abs(x - whole) <= 1e-9 * self.np.maximum(1, whole), whole, x)


class _TorchOps(Ops):
    def __init__(self) -> None:
        torch = sys.modules["torch"]
        self.torch: Any = torch
        self.cos, self.sqrt, self.where = torch.cos, torch.sqrt, torch.where
        self.clip, self.power = torch.clip, torch.pow
        self._tables: dict[Any, tuple[Any, Any]] = {}

    def at_least(self, x: Any, low: float) -> Any:
        return self.torch.clip(x, min=low)

    def lookup(self, t: Any, edges: Sequence[float], values: Sequence[float]) -> Any:
        if len(edges) <= UNROLLED:
            out = self.torch.full_like(t, values[0])
            for edge, value in zip(edges, values[1:], strict=True):
                out = self.torch.where(t >= edge, value, out)
            return out
        where, table = self._on_device(tuple(edges), tuple(values), t)
        return table[self.torch.searchsorted(where, t.reshape(-1), right=True)].reshape(t.shape)

    def _on_device(self, edges: tuple[float, ...], values: tuple[float, ...], t: Any) -> tuple[Any, Any]:
        """A table beside ``t``; kept, so that a captured step finds it there."""
        key = edges, values, t.dtype, t.device
        found = self._tables.get(key)
        if found is None:
            if len(self._tables) >= UNROLLED:
                self._tables.clear()
            found = tuple(self.torch.tensor(each, dtype=t.dtype, device=t.device) for each in (edges, values))
            self._tables[key] = found
        return found

    def full(self, t: Any, value: float) -> Any:
        return self.torch.full_like(t, value)

    def piecewise(self, t: Any, edges: Sequence[float], piece: Piece) -> Any:
        out = piece(0, t)
        for number, edge in enumerate(edges, 1):
            out = self.torch.where(t >= edge, piece(number, t), out)
        return out

    def snap(self, x: Any) -> Any:
        whole = self.torch.round(x)
        return self.torch.where(abs(x - whole) <= 1e-9 * self.at_least(whole, 1), whole, x)


PYTHON = Ops()
numpy_ops = cache(_NumpyOps)
_torch: list[_TorchOps] = []


def torch_ops() -> Any:
    """The operations on tensors; made once, in a way that torch.compile can follow."""
    if not _torch:
        _torch.append(_TorchOps())
    return _torch[0]
