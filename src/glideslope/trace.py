"""A schedule evaluated over a run, and the difference of two."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._check import Number, OneOrEach, ScheduleError, Whole, check_value
from .clock import Run
from .schedule import Schedule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_POINTS = 20_000_000


@dataclass(frozen=True, eq=False)
class Trace:
    """What a schedule does in a run: ``steps`` of shape (n,) and ``values`` of shape (n,), or (groups, n).

    ``steps`` counts the scheduler's advances from 0, in a run on the wall clock its seconds; ``values`` are learning
    rates, factor times base_lr.
    """

    schedule: Schedule
    run: Run
    steps: NDArray[np.int64]
    values: NDArray[np.float64]

    def _rows(self) -> NDArray[np.float64]:
        return self.values.reshape(-1, self.steps.size)

    def _columns(self) -> list[str]:
        return ["lr"] if self.values.ndim == 1 else [f"lr_{i}" for i in range(len(self.values))]

    def to_csv(self) -> str:
        """Return the trace as CSV: a header, then a line for each step; floats are written in full.

        >>> import glideslope as gs
        >>> print(gs.trace(gs.StepDecay(1), gs.Run(epochs=2)).to_csv(), end="")
        step,lr
        0,1.0
        1,0.1
        """
        head = ",".join(["step", *self._columns()])
        lines = zip(self.steps.tolist(), *self._rows().tolist(), strict=True)
        return "\n".join([head, *(",".join(map(repr, line)) for line in lines)]) + "\n"

    def to_json(self) -> str:
        """Return the trace as JSON: the schedule's text, the steps and one list for each group.

        >>> import glideslope as gs
        >>> gs.trace(gs.StepDecay(1), gs.Run(epochs=2)).to_json()
        '{"schedule": "StepDecay(1, gamma=0.1)", "step": [0, 1], "lr": [1.0, 0.1]}'
        """
        columns: dict[str, Any] = dict(zip(self._columns(), self._rows().tolist(), strict=True))
        return json.dumps({"schedule": repr(self.schedule), "step": self.steps.tolist(), **columns})

    def difference(self, other: Trace) -> Difference | None:
        """Return where two traces first differ, by more than rounding (1e-12 relative); None when they do not.

        A step that only one of them has counts as a difference. Raises :class:`ScheduleError` for another number of
        groups or another stride.

        >>> import glideslope as gs
        >>> run = gs.Run(steps=100)
        >>> print(gs.trace(gs.StepDecay(30), run).difference(gs.trace(gs.Constant(), run)))
        these two differ first at step 30: 0.1 against 1
        """
        import numpy as np

        if not isinstance(other, Trace):
            raise ScheduleError.about("difference: `other`", "be a Trace", other)
        mine, theirs = self._rows(), other._rows()
        shared = min(self.steps.size, other.steps.size)
        if len(mine) != len(theirs) or not np.array_equal(self.steps[:shared], other.steps[:shared]):
            raise ScheduleError("difference: the traces must have the same groups and the same stride, got others.")
        a, b = mine[:, :shared], theirs[:, :shared]
        unequal = ~np.isclose(a, b, rtol=1e-12, atol=0.0, equal_nan=True)
        if unequal.any():
            at = int(np.flatnonzero(unequal.any(axis=0))[0])
            group = int(np.flatnonzero(unequal[:, at])[0])
            return Difference(int(self.steps[at]), group, float(a[group, at]), float(b[group, at]), self.run.unit)
        if self.steps.size != other.steps.size:
            longer = max((self, other), key=lambda each: each.steps.size)
            value = float(longer._rows()[0, shared])
            nothing = float("nan")
            pair = (value, nothing) if longer is self else (nothing, value)
            return Difference(int(longer.steps[shared]), 0, *pair, self.run.unit)
        return None


@dataclass(frozen=True)
class Difference:
    """Where two traces first differ. A value is NaN when that trace has ended before ``step``."""

    step: int
    group: int
    mine: float
    theirs: float
    unit: str = "step"

    def __str__(self) -> str:
        def say(value: float) -> str:
            return "the run has ended" if value != value else f"{value:.6g}"

        where = f" in group {self.group}" if self.group else ""
        step = f"{self.step:,}".replace(",", " ")
        return f"these two differ first at {self.unit} {step}{where}: {say(self.mine)} against {say(self.theirs)}"


def trace(schedule: Schedule, run: Run, base_lr: float | Sequence[float] = 1.0, every: int = 1) -> Trace:
    """Evaluate a schedule at every step of a run (or at every n-th): ``values[t] = base_lr * schedule(t)``.

    ``base_lr`` is one number, or a list with one for each param group; then values has shape (groups, n). Durations are
    resolved against the run. Raises :class:`ScheduleError` for base_lr < 0 and more than 20 million points.

    >>> import glideslope as gs
    >>> gs.trace(gs.StepDecay("1ep"), gs.Run(epochs=3), base_lr=0.5).values.round(4).tolist()
    [0.5, 0.05, 0.005]
    """
    import numpy as np

    if not isinstance(schedule, Schedule):
        raise ScheduleError.about("trace: `schedule`", "be a schedule", schedule)
    resolved = schedule.resolve(run)
    base = np.asarray(check_value("trace", "base_lr", OneOrEach(Number(ge=0)), base_lr))
    stride = check_value("trace", "every", Whole(), every)
    points = -(-run.total_steps // stride)
    if points > MAX_POINTS:
        raise ScheduleError.about(
            "trace", f"be at most {MAX_POINTS:,} points", points, "Take every n-th: `every=1000`."
        )
    steps = np.arange(0, run.total_steps, stride, dtype=np.int64)
    return Trace(resolved, run, steps, np.multiply.outer(base, resolved(steps)))


def first_difference(a: Schedule, b: Schedule) -> Difference | None:
    """Return the first step at which two resolved schedules differ; None when they never do as far as was looked.

    Looks at every step up to the later horizon, or up to a million where that is far or there is none.
    """
    horizons = [h for h in (a.horizon, b.horizon) if h is not None]
    length = min(max([*horizons, 1000]) + 2, 1_000_000) if len(horizons) == 2 else 1_000_000
    run = Run(steps=length)
    return trace(a, run).difference(trace(b, run))
