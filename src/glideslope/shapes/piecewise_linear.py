"""PiecewiseLinear: straight lines between points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any, final

from .._anneal import anneal
from .._check import ListOf, Number, Pair
from .._ops import Ops
from ..clock import StepCount, Steps, in_order
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class PiecewiseLinear(Schedule):
    """Go straight from point to point: for t_i <= t < t_(i+1), ``f_i + (f_(i+1) - f_i) * (t - t_i) / (t_(i+1) - t_i)``.

    Held at the first factor before the first point and at the last factor after the last one. Raises
    :class:`~glideslope.ScheduleError` for fewer than two points, steps that do not increase, and factors < 0.
    torch: none (``LambdaLR`` with ``numpy.interp``). Source: linear interpolation.

    >>> import glideslope as gs
    >>> s = gs.PiecewiseLinear([(0, 0.0), (10, 1.0), (30, 0.0)])
    >>> s(5), s(10), s(20), s(99)
    (0.5, 1.0, 0.5, 0.0)
    """

    points: Annotated[
        Sequence[tuple[StepCount, float]], ListOf(Pair(Steps(ge=0), Number(ge=0)), least=2), "pairs (step, factor)"
    ]
    _columns: tuple[tuple[Any, ...], ...] = field(init=False, repr=False, compare=False)

    def _cross_check(self) -> None:
        in_order("PiecewiseLinear", "points", [step for step, _ in self.points], strictly=True)

    def _prepare(self) -> None:
        points: Any = self.points
        steps, factors = zip(*points, strict=True)
        # Segment i lies after edge i-1: one flat piece before the points and one after them.
        # A flat piece has no end, so that rounding cannot make it tremble.
        inside = (b - a if f != g else math.inf for (a, f), (b, g) in pairwise(points))
        begin, length = (0, *steps), (math.inf, *inside, math.inf)
        object.__setattr__(self, "_columns", (steps, begin, length, (factors[0], *factors), (*factors, factors[-1])))

    def _factor(self, t: Any, ops: Ops) -> Any:
        steps, begin, length, start, end = (self._columns[i] for i in range(5))
        x = ops.clip((t - ops.lookup(t, steps, begin)) / ops.lookup(t, steps, length), 0.0, 1.0)
        return anneal("linear", x, ops.lookup(t, steps, start), ops.lookup(t, steps, end), ops)

    def _horizon(self) -> int:
        factors = [factor for _, factor in self.points]
        while len(factors) > 1 and factors[-1] == factors[-2]:
            factors.pop()
        return self.points[len(factors) - 1][0] if len(factors) > 1 else 0  # type: ignore[return-value]
