"""The ways to go from one value to another, each written once.

A weight falls from exactly 1 at ``x == 0`` to exactly 0 at ``x == 1``; :func:`anneal` mixes the two values with it, so
that both ends are met exactly. Warmups, falls, cycles and straight lines are all made of these.
"""

import math
from collections.abc import Callable
from typing import Any

from ._ops import Ops


def _linear(x: Any, ops: Ops) -> Any:
    return 1 - x


def _cosine(x: Any, ops: Ops) -> Any:
    return 0.5 + 0.5 * ops.cos(math.pi * x)


def _one_minus_sqrt(x: Any, ops: Ops) -> Any:
    return 1 - ops.sqrt(x)


WEIGHTS: dict[str, Callable[[Any, Ops], Any]] = {
    "linear": _linear,
    "cosine": _cosine,
    "1-sqrt": _one_minus_sqrt,
    "exponential": _linear,
}

FALLS = ("1-sqrt", "linear", "cosine", "exponential")
"""The words for the end of a run, the usual one first."""


def anneal(shape: str, x: Any, start: Any, end: Any, ops: Ops) -> Any:
    """Go from ``start`` at ``x == 0`` to ``end`` at ``x == 1``; ``x`` must lie in [0, 1].

    With w the weight of the shape: ``start*w + end*(1-w)``; exponential mixes the logarithms instead,
    ``start**w * end**(1-w)``, and needs both values > 0. linear: w = 1-x; cosine: w = (1+cos(pi*x))/2;
    1-sqrt: w = 1-sqrt(x).
    """
    w = WEIGHTS[shape](x, ops)
    if shape == "exponential":
        return ops.power(start, w) * ops.power(end, 1 - w)
    return mix(w, start, end)


def mix(w: Any, start: Any, end: Any) -> Any:
    """``start`` where the weight is 1, ``end`` where it is 0, exactly, and a straight line between."""
    return start * w + end * (1 - w)
