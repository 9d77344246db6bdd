"""Constant: no schedule at all, the baseline of every comparison."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from .._check import Number
from .._ops import Ops
from ..schedule import Schedule


@final
@dataclass(frozen=True, slots=True, repr=False)
class Constant(Schedule):
    """Stay at one factor: ``factor`` at every t >= 0.

    The horizon is 0: nothing new is said after the first step. Raises :class:`~glideslope.ScheduleError` for a
    negative factor. torch: no scheduler, or ``LambdaLR(optimizer, lambda t: factor)``. Source: the definition.

    >>> import glideslope as gs
    >>> gs.Constant(0.5)(1000)
    0.5
    """

    factor: Annotated[float, Number(ge=0), "factor of base_lr"] = 1.0

    def _factor(self, t: Any, ops: Ops) -> Any:
        return ops.full(t, self.factor)

    def _horizon(self) -> int:
        return 0

    def _changes(self, start: int, stop: int) -> tuple[int, ...]:
        return ()

    def _arguments(self, skip: int = 0) -> list[str]:
        return [repr(self.factor)]
