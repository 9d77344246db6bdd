"""A schedule laid against a run: its parts with their places in it, and the curve it makes, sampled once."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ..._check import parameters
from ...clock import Duration, Run, StepCount
from ...combine import Cooldown, Hold, Joined, Repeat, Shift, Stretch
from ...schedule import Schedule, _walk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POINTS = 4096
"""Steps at which a curve is looked at, however long the run is; and of its own turning points at most so many."""
FAR = 2**52
"""A step that no run comes to: what a schedule does in the end shows there."""

GREATEST = sys.float_info.max

Place: TypeAlias = Callable[[int], "int | None"]


@dataclass(frozen=True)
class Part:
    """A schedule inside a schedule, as it is written, and the step of the run at which it gets to a step of its own.

    ``place`` gives None for a step of its own that it never gets to, because something else takes over before.
    """

    schedule: Any
    place: Place
    run: Run

    def at(self, steps: StepCount) -> int | None:
        """The step of the run for a number of steps or a duration of this part."""
        return self.place(self.run.count(steps))

    def is_reached(self, steps: StepCount) -> bool:
        """Whether the run gets there."""
        at = self.at(steps)
        return at is not None and at < self.run.total_steps


@dataclass(frozen=True)
class Plan:
    """What the rules read. Make it with :func:`plan_of`, which remembers the last few."""

    written: Schedule
    run: Run

    @cached_property
    def schedule(self) -> Schedule:
        """The schedule in steps of the run."""
        return self.written.resolve(self.run)

    @property
    def total(self) -> int:
        """Steps in the run; the last one is ``total - 1``."""
        return self.run.total_steps

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The schedule and everything inside it that begins before the run ends, from the outside inwards."""
        return tuple(_parts(self.written, self.run, lambda step: step))

    def having(self, *names: str) -> Iterator[Part]:
        """The parts that have all of these parameters."""
        return (part for part in self.parts if all(hasattr(part.schedule, name) for name in names))

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """Steps of the run at which something is written to happen, in order."""
        found: set[int] = set()
        for part in self.parts:
            for steps in durations_of(part.schedule):
                at = part.at(steps)
                if at is not None and 0 <= at < self.total:
                    found.add(at)
        return tuple(sorted(found)[:POINTS])

    @cached_property
    def steps(self) -> NDArray[np.int64]:
        """Where the curve is looked at: evenly, more closely at the start, and around every turn."""
        import numpy as np

        last = self.total - 1
        even = np.linspace(0, last, min(self.total, POINTS)).astype(np.int64)
        early = np.geomspace(1, last, 200).astype(np.int64) if last > 1 else even
        turns = np.asarray(self.turns, dtype=np.int64)
        steps = np.unique(np.concatenate([even, early, turns - 1, turns, turns + 1]))
        return steps[(steps >= 0) & (steps <= last)]

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The factors there."""
        return self.factors(self.steps)

    def factors(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """The factors of some steps; what has grown beyond every number counts as the greatest one."""
        import numpy as np

        with np.errstate(invalid="ignore"):  # 0 * inf, where a gamma above 1 has grown for long
            return np.nan_to_num(self.schedule(steps), nan=0.0, posinf=GREATEST)

    @cached_property
    def peak(self) -> float:
        """The greatest factor in the run; between the steps that were looked at, it is looked for more closely."""
        import numpy as np

        top = int(self.values.argmax())
        around = self.steps[max(0, top - 1)], self.steps[min(top + 1, len(self.steps) - 1)]
        nearby = np.unique(np.linspace(*around, POINTS).astype(np.int64))
        return max(float(self.values[top]), float(self.factors(nearby).max()))

    @cached_property
    def last(self) -> float:
        """The factor of the last step."""
        return float(self.values[-1])

    @property
    def last_share(self) -> str:
        """The factor of the last step as a share of the peak, in words."""
        return f"{self.last / (self.peak or 1.0):.3g}"

    def factor(self, step: int) -> float:
        """The factor of one step."""
        factor = float(self.schedule(step))
        return 0.0 if factor != factor else min(factor, GREATEST)

    def first_below_for_good(self, bound: float) -> int | None:
        """The first step from which the factor stays below a bound until the run ends; None when it ends above."""
        above = (self.values >= bound).nonzero()[0]
        if above.size == 0:
            return 0
        if above[-1] == len(self.values) - 1:
            return None
        low, high = int(self.steps[above[-1]]), int(self.steps[above[-1] + 1])
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.factor(middle) >= bound else (low, middle)
        return high

    def falls(self, share: float) -> bool:
        """Whether it ever goes below a share of its peak after having been there, in the run or after it."""
        import numpy as np

        horizon = self.schedule.horizon
        end = FAR if horizon is None else max(horizon, self.total)
        later = np.unique(np.geomspace(self.total, end, 64).astype(np.int64))
        after_the_peak = self.values[int(self.values.argmax()) :]
        return bool((after_the_peak < share * self.peak).any() or (self.factors(later) < share * self.peak).any())

    # -- words ---------------------------------------------------------------------------------------------------------

    def length(self, like: StepCount = 0) -> str:
        """How long the run is: "450 360 steps"; "90 epochs" where ``like`` is written in epochs."""
        each = self.run.advances_per_epoch
        if isinstance(like, Duration) and like.unit == "ep" and each:
            number, unit = f"{self.total / each:g}", "epoch"
        else:
            number, unit = count(self.total), self.run.unit
        return f"{number} {unit}{'s' * (number != '1')}"

    def moment(self, step: int, like: StepCount = 0) -> str:
        """A step of the run in words: "step 50"; "epoch 50" where ``like`` is written in epochs."""
        each = self.run.advances_per_epoch
        if isinstance(like, Duration) and like.unit == "ep" and each:
            return f"epoch {step / each:g}"
        return f"{self.run.unit} {count(step)}"

    def end(self, like: StepCount = 0) -> str:
        """The end of the run, in the unit of ``like``."""
        return self.moment(self.total, like)

    def share(self, steps: int) -> str:
        """So many steps as a share of the run: "99.9 %", never rounded to all of it."""
        percent = 100 * steps / self.total
        return f"{percent:.3g} %" if percent < 99.5 or steps == self.total else f"{math.floor(percent * 100) / 100:g} %"

    def may_mean_epochs(self, *steps: StepCount) -> bool:
        """Whether bare numbers would make sense as epochs, where a step is not one: short as steps, right as epochs."""
        numbers = [each for each in steps if not isinstance(each, Duration)]
        if self.run.unit != "step" or len(numbers) != len(steps):
            return False
        latest = max(self.run.count(each) for each in numbers)
        each, epochs = self.run.advances_per_epoch, self.run.epochs
        if each is None or epochs is None:
            return latest <= 1000 and latest * 20 < self.total
        return epochs <= 3 * latest and latest <= epochs * 1.05 and latest < self.total / 2

    def in_epochs(self, steps: StepCount) -> str:
        """A bare number as epochs, the way it can be written for this run."""
        told = self.run.advances_per_epoch is not None
        return f'"{steps}ep"' if told else f'"{steps}ep", with `epochs` and `steps_per_epoch` in the run'

    def may_mean_steps(self, *steps: StepCount) -> bool:
        """Whether a bare number is far too great for a run counted in epochs, so that steps may be meant."""
        return self.run.unit == "epoch" and all(
            not isinstance(each, Duration) and self.run.count(each) >= 10 * self.total for each in steps
        )


@lru_cache(maxsize=16)
def plan_of(schedule: Schedule, run: Run) -> Plan:
    """Lay a schedule against a run."""
    return Plan(schedule, run)


def count(number: int) -> str:
    """A whole number in groups of three.

    >>> count(450360)
    '450 360'
    """
    return f"{number:,}".replace(",", " ")


def said(steps: StepCount) -> str:
    """A number of steps or a duration as it was written.

    >>> said(450360), said("30ep")
    ('450 360', '30ep')
    """
    return count(steps) if isinstance(steps, int) else str(steps)


def listed(steps: list[Any], most: int = 3) -> str:
    """Several of them: "30, 60 and 80", "30, 60 and 7 more"."""
    words = [said(each) for each in steps]
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def durations_of(schedule: Schedule) -> list[StepCount]:
    """Every number of steps that is written in a schedule itself, not in those inside it."""
    found: list[StepCount] = []
    for each in parameters(type(schedule)):
        if "steps" in each.constraint.text:  # Steps, or a list, a pair or an option of it
            value = getattr(schedule, each.name)
            pairs = each.name == "points"
            _walk(tuple(step for step, _ in value) if pairs else value, lambda leaf: _keep(leaf, found))
    return found


def _keep(leaf: Any, found: list[StepCount]) -> None:
    if isinstance(leaf, (int, Duration)) and not isinstance(leaf, bool):
        found.append(leaf)


def _parts(schedule: Any, run: Run, place: Place) -> Iterator[Part]:
    yield Part(schedule, place, run)
    for inner, inside in _inside(schedule, run):
        yield from _parts(inner, run, _through(place, inside))


def _through(outer: Place, inner: Place) -> Place:
    def place(step: int) -> int | None:
        at = inner(step)
        return None if at is None else outer(at)

    return place


def _inside(schedule: Any, run: Run) -> Iterator[tuple[Schedule, Place]]:
    """The schedules directly inside one, and at which of its steps each gets to a step of its own."""
    if isinstance(schedule, Joined):
        begins = [0, *map(run.count, schedule.milestones)]
        ends = [*begins[1:], math.inf]
        for inner, begin, end in zip(schedule.schedules, begins, ends, strict=True):
            if begin < run.total_steps:
                yield inner, _window(begin, end)
        return
    place = _moved(schedule, run)
    for inner in getattr(schedule, "schedules", None) or [getattr(schedule, "schedule", None)]:
        if isinstance(inner, Schedule):
            yield inner, place


def _window(begin: int, end: float) -> Place:
    return lambda step: begin + step if begin + step < end else None


def _moved(schedule: Any, run: Run) -> Place:
    """How a wrapper moves the time of what it wraps."""
    if isinstance(schedule, Stretch):
        return schedule._outer
    if isinstance(schedule, Shift):
        shift = run.count(schedule.steps)
        return lambda step: max(0, step + shift)
    if isinstance(schedule, Repeat):
        every, times = run.count(schedule.every), schedule.times
        return lambda step: step if step < every else None if times is None else (times - 1) * every + step
    if isinstance(schedule, Cooldown):
        start = run.count(schedule.start)
        return lambda step: step if step <= start else None
    if isinstance(schedule, Hold):
        first = run.count(schedule.start)
        stop = None if schedule.stop is None else run.count(schedule.stop)
        return lambda step: step if step < first or (stop is not None and step >= stop) else stop
    return lambda step: step
