"""Schedules made of schedules. Each is a value like any other; the methods of a schedule build them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, final

from ._anneal import FALLS, anneal
from ._check import ListOf, Maybe, Number, OneOf, ScheduleError, Whole, plain_number
from ._ops import PYTHON, Ops
from .clock import StepCount, Steps, in_order, in_steps
from .schedule import Child, Schedule


def latest(horizons: Sequence[int | None]) -> int | None:
    """Return the latest of several horizons; None when one of them never comes."""
    return None if None in horizons else max(h for h in horizons if h is not None)


class Wrapper(Schedule):
    """A schedule made of one other, written as a method call: ``inner.method(arguments)``."""

    __slots__ = ()

    def __repr__(self) -> str:
        inner: Any = self.schedule  # type: ignore[attr-defined]
        text = f"({inner!r})" if isinstance(inner, Product) else repr(inner)
        return f"{text}.{type(self).__name__.lower()}({', '.join(self._arguments(skip=1))})"


@final
@dataclass(frozen=True, slots=True, repr=False)
class Warmup(Wrapper):
    """Lay a warmup over a schedule: ``ramp(t) * schedule(t)``.

    ramp goes from start_factor at t == 0 to 1 at t == steps, and is 1 for t >= steps: the schedule's own time is not
    moved, so its milestones keep counting from 0. With x = t/steps, "linear" start_factor*(1-x) + x; "exponential"
    start_factor ** (1-x); "cosine" start_factor + (1-start_factor) * (1-cos(pi*x))/2. Raises
    :class:`~glideslope.ScheduleError` for steps < 1, start_factor < 0 and an exponential rise from 0.
    torch: ``ChainedScheduler([LinearLR(start_factor, total_iters=steps), ...])``. Source: Goyal et al. 2017,
    section 2.2.

    >>> import glideslope as gs
    >>> s = gs.MultiStepDecay([30], gamma=0.5).warmup(4, start_factor=0.0)
    >>> s(1), s(4), s(30)
    (0.25, 1.0, 0.5)
    """

    schedule: Annotated[Schedule, Child(), "the schedule under the warmup"]
    steps: Annotated[StepCount, Steps(ge=1), "steps of the rise"]
    start_factor: Annotated[float, Number(ge=0), "factor at step 0"] = 1 / 3
    shape: Annotated[str, OneOf(("linear", "exponential", "cosine")), "curve of the rise"] = "linear"

    def _cross_check(self) -> None:
        if self.shape == "exponential" and self.start_factor == 0:
            raise ScheduleError.about("Warmup: `start_factor`", "be > 0 for an exponential rise", 0.0)

    def _factor(self, t: Any, ops: Ops) -> Any:
        ramp = anneal(self.shape, ops.clip(t / self.steps, 0.0, 1.0), self.start_factor, 1.0, ops)
        return ramp * self.schedule._factor(t, ops)

    def _horizon(self) -> int | None:
        steps: Any = 0 if self.start_factor == 1 else self.steps
        return latest([steps, self.schedule._horizon()])

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        ramp_over = self.start_factor == 1 or start > self.steps  # type: ignore[operator]
        return self.schedule._changes(start, stop) if ramp_over or start >= stop else None


@final
@dataclass(frozen=True, slots=True, repr=False)
class Clip(Wrapper):
    """Hold a schedule inside bounds: ``min(max(schedule(t), low), high)``.

    Raises :class:`~glideslope.ScheduleError` for a bound < 0, low > high, and no bound at all. torch: none; an absolute
    floor (eta_min) is ``low = eta_min / base_lr``. Source: the definition.

    >>> import glideslope as gs
    >>> gs.ExponentialDecay(0.5).clip(low=0.1)(10)
    0.1
    """

    schedule: Annotated[Schedule, Child(), "the schedule inside the bounds"]
    low: Annotated[float | None, Maybe(Number(ge=0)), "least factor"] = None
    high: Annotated[float | None, Maybe(Number(ge=0)), "greatest factor"] = None

    def _cross_check(self) -> None:
        if self.low is None and self.high is None:
            raise ScheduleError("Clip must have `low` or `high`, got neither.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ScheduleError.about("Clip: `low`", f"be <= high = {self.high:g}", self.low)

    def _factor(self, t: Any, ops: Ops) -> Any:
        low = 0.0 if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return ops.clip(self.schedule._factor(t, ops), low, high)

    def _horizon(self) -> int | None:
        return self.schedule._horizon()

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        steps = self.schedule._changes(start, stop)
        return None if steps is None else self._real(steps)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Repeat(Wrapper):
    """Start a schedule again every ``every`` steps: ``schedule(t - every * (t // every))``.

    It restarts at t == every itself. With ``times`` = n the last of n turns begins at (n-1) * every and runs on as the
    schedule does; without, it never ends. Raises :class:`~glideslope.ScheduleError` for every < 1 and times < 1.
    torch: ``CosineAnnealingWarmRestarts`` for the cosine alone. Source: the definition.

    >>> import glideslope as gs
    >>> s = gs.LinearDecay(10).repeat(10, times=2)
    >>> s(5), s(10), s(15), s(20)
    (0.5, 1.0, 0.5, 0.0)
    """

    schedule: Annotated[Schedule, Child(), "the schedule to repeat"]
    every: Annotated[StepCount, Steps(ge=1), "steps of a turn"]
    times: Annotated[int | None, Maybe(Whole()), "turns; None: for ever"] = None

    def _factor(self, t: Any, ops: Ops) -> Any:
        turn = t // self.every
        if self.times is not None:
            turn = ops.clip(turn, 0, self.times - 1)
        return self.schedule._factor(t - turn * self.every, ops)

    def _horizon(self) -> int | None:
        inner = self.schedule._horizon()
        if inner == 0:
            return 0
        every: Any = self.every
        return None if inner is None or self.times is None else (self.times - 1) * every + inner

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        every: Any = self.every
        found: list[int] = []
        at = start
        while at < stop:
            turn = at // every if self.times is None else min(at // every, self.times - 1)
            begin = turn * every
            end = stop if self.times is not None and turn == self.times - 1 else min(stop, begin + every)
            inside = self.schedule._changes(max(1, at - begin), end - begin)
            if inside is None:
                return None
            found += [begin] * (at == begin) + [begin + step for step in inside]
            at = end
        return self._real(found)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Stretch(Wrapper):
    """Let a schedule take ``by`` times as long: ``schedule(t / by)``.

    t/by is taken as a whole number where it is one up to rounding, so that a milestone at 30 stretched by 0.1 lies at
    step 3 exactly. Raises :class:`~glideslope.ScheduleError` for by <= 0. torch: none. Source: the definition.

    >>> import glideslope as gs
    >>> gs.MultiStepDecay([30], gamma=0.5).stretch(0.1).changes(0, 9)
    (3,)
    """

    schedule: Annotated[Schedule, Child(), "the schedule to stretch"]
    by: Annotated[float, Number(gt=0), "how many times as long"]

    def _factor(self, t: Any, ops: Ops) -> Any:
        return self.schedule._factor(ops.snap(t / self.by), ops)

    def _outer(self, step: int) -> int:
        """The first step at or after ``step`` of the inner time."""
        at: float = Ops.snap(step * self.by)
        return math.ceil(at)

    def _horizon(self) -> int | None:
        inner = self.schedule._horizon()
        return None if inner is None else self._outer(inner)

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        first, last = math.floor((start - 1) / self.by), math.ceil(stop / self.by) + 1
        inside = self.schedule._changes(max(1, first), last)
        if inside is None:
            return None
        return self._real(t for t in sorted({self._outer(step) for step in inside}) if start <= t < stop)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Shift(Wrapper):
    """Start a schedule ``steps`` later: ``schedule(max(t - steps, 0))``.

    Its first factor is held for t <= steps. A negative number of steps begins in the middle. Raises
    :class:`~glideslope.ScheduleError` for a number of steps that is not whole. torch: ``last_epoch``. Source: the
    definition.

    >>> import glideslope as gs
    >>> s = gs.LinearDecay(10).shift(5)
    >>> s(0), s(5), s(10), s(15)
    (1.0, 1.0, 0.5, 0.0)
    """

    schedule: Annotated[Schedule, Child(), "the schedule to move"]
    steps: Annotated[StepCount, Steps(ge=None), "steps to wait; negative: to skip"]

    def _factor(self, t: Any, ops: Ops) -> Any:
        return self.schedule._factor(ops.at_least(t - self.steps, 0), ops)

    def _horizon(self) -> int | None:
        steps: Any = self.steps
        inner = self.schedule._horizon()
        return None if inner is None else max(0, inner + steps) if inner else 0

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        steps: Any = self.steps
        if stop - steps <= 1:
            return ()
        inside = self.schedule._changes(max(1, start - steps), stop - steps)
        return None if inside is None else tuple(step + steps for step in inside)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Cooldown(Wrapper):
    """Let a schedule fall from where it is: ``schedule(t)`` for t < start, then down to ``end_factor`` in ``steps``.

    With x = (t - start) / steps and a = schedule(start), for start <= t < start + steps: "linear"
    a*(1-x) + end_factor*x; "1-sqrt" and "cosine" mix the same two with sqrt(x) and (1-cos(pi*x))/2 in the place of x;
    "exponential" a ** (1-x) * end_factor ** x. Exactly a at t == start; exactly end_factor at t == start + steps, held
    from there on. Raises :class:`~glideslope.ScheduleError` for steps < 1, end_factor < 0 and an exponential fall from
    or to 0. torch: none. Source: Hägele et al. 2024 (cooldown, 1-sqrt).

    >>> import glideslope as gs
    >>> s = gs.Constant().cooldown(100, 20, shape="linear")
    >>> s(100), s(110), s(120)
    (1.0, 0.5, 0.0)
    """

    schedule: Annotated[Schedule, Child(), "the schedule to leave"]
    start: Annotated[StepCount, Steps(ge=0), "step at which the fall begins"]
    steps: Annotated[StepCount, Steps(ge=1), "steps of the fall"]
    end_factor: Annotated[float, Number(ge=0), "factor at the end"] = 0.0
    shape: Annotated[str, OneOf(FALLS), "curve of the fall"] = "1-sqrt"
    _from: float = field(init=False, repr=False, compare=False, default=math.nan)

    def _cross_check(self) -> None:
        if self.shape == "exponential" and self.end_factor == 0:
            hint = "Take a small factor, such as 0.01, or another shape."
            raise ScheduleError.about("Cooldown: `end_factor`", "be > 0 for an exponential fall", 0.0, hint)

    def _prepare(self) -> None:
        begin = self.schedule._factor(self.start, PYTHON)
        if self.shape == "exponential" and begin == 0:
            raise ScheduleError.about("Cooldown: the schedule", "be > 0 where an exponential fall begins", begin)
        object.__setattr__(self, "_from", begin)

    def _factor(self, t: Any, ops: Ops) -> Any:
        def piece(i: int, t: Any) -> Any:
            if i == 0:
                return self.schedule._factor(t, ops)
            if self._from == self.end_factor:
                return ops.full(t, self.end_factor)
            return anneal(
                self.shape, ops.clip((t - self.start) / self.steps, 0.0, 1.0), self._from, self.end_factor, ops
            )

        return ops.piecewise(t, (self.start,), piece)  # type: ignore[arg-type]

    def _horizon(self) -> int:
        start: Any = self.start
        steps: Any = self.steps
        if self._from != self.end_factor:
            return start + steps  # type: ignore[no-any-return]
        inner = self.schedule._horizon()
        return start if inner is None else min(start, inner)  # type: ignore[no-any-return]

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        begin: Any = self.start
        end: Any = self.start if self._from == self.end_factor else begin + self.steps
        if start >= stop or start > end:
            return ()
        return self.schedule._changes(start, min(stop, begin + 1)) if stop <= begin + 1 or begin == end else None


@final
@dataclass(frozen=True, slots=True, repr=False)
class Hold(Wrapper):
    """Hold one factor for a while: ``factor`` for start <= t < stop, ``schedule(t)`` before and after.

    The schedule's own time goes on meanwhile. Without ``stop`` it is held for good. Raises
    :class:`~glideslope.ScheduleError` for stop <= start and factor < 0. torch: none. Source: the definition.

    >>> import glideslope as gs
    >>> s = gs.LinearDecay(10).hold(0.1, start=2, stop=5)
    >>> s(1), s(2), s(4), s(5)
    (0.9, 0.1, 0.1, 0.5)
    """

    schedule: Annotated[Schedule, Child(), "the schedule before and after"]
    factor: Annotated[float, Number(ge=0), "the factor held"]
    start: Annotated[StepCount, Steps(ge=0), "first step it is held at"]
    stop: Annotated[StepCount | None, Maybe(Steps(ge=1)), "first step it is no longer held at; None: never"] = None

    def _cross_check(self) -> None:
        if self.stop is not None and in_steps(self.start, self.stop) and self.stop <= self.start:  # type: ignore[operator]
            raise ScheduleError.about("Hold: `stop`", f"be > start = {self.start}", self.stop)

    def _factor(self, t: Any, ops: Ops) -> Any:
        def piece(i: int, t: Any) -> Any:
            return ops.full(t, self.factor) if i == 1 else self.schedule._factor(t, ops)

        edges: Any = (self.start,) if self.stop is None else (self.start, self.stop)
        return ops.piecewise(t, edges, piece)

    def _horizon(self) -> int | None:
        if self.stop is None:
            return self.start  # type: ignore[return-value]
        return latest([self.stop, self.schedule._horizon()])  # type: ignore[list-item]

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        begin: Any = self.start
        end: Any = stop if self.stop is None else self.stop
        found = {begin, end}
        for first, last in ((start, min(stop, begin)), (max(start, end + 1), stop)):
            inside = self.schedule._changes(first, last) if first < last else ()
            if inside is None:
                return None
            found.update(inside)
        return self._real(t for t in sorted(found) if start <= t < stop)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Product(Schedule):
    """Multiply schedules: ``schedules[0](t) * schedules[1](t) * ...``, all on the same time.

    The order does not matter. A number counts as a :class:`~glideslope.Constant`. Written ``a * b``. Raises
    :class:`~glideslope.ScheduleError` for anything that is neither a schedule nor a number >= 0. torch: what two
    schedulers on one optimizer do, ``ChainedScheduler``. Source: the definition.

    >>> import glideslope as gs
    >>> s = gs.StepDecay(10, gamma=0.5) * gs.LinearDecay(100) * 2
    >>> s(0), s(50)
    (2.0, 0.03125)
    """

    schedules: Annotated[Sequence[Schedule], ListOf(Child(), least=2), "the schedules to multiply"]

    def __repr__(self) -> str:
        from .shapes import Constant

        first, *rest = self.schedules
        return " * ".join([repr(first), *(repr(s.factor) if isinstance(s, Constant) else repr(s) for s in rest)])

    def _factor(self, t: Any, ops: Ops) -> Any:
        first, *rest = self.schedules
        out = first._factor(t, ops)
        for each in rest:
            out = out * each._factor(t, ops)
        return out

    def _horizon(self) -> int | None:
        return latest([each._horizon() for each in self.schedules])

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        steps: set[int] = set()
        for each in self.schedules:
            inside = each._changes(start, stop)
            if inside is None:
                return None
            steps.update(inside)
        return self._real(sorted(steps))


def product(a: Schedule, b: Schedule | float) -> Schedule:
    """Return ``a * b``, flat."""
    from .shapes import Constant

    if not isinstance(b, Schedule):
        number = plain_number(b)
        if number is None or number < 0:
            raise ScheduleError.about("`*`", "have a schedule or a number >= 0 on either side of it", b)
        b = Constant(number)
    parts = [(each.schedules if isinstance(each, Product) else (each,)) for each in (a, b)]
    return Product((*parts[0], *parts[1]))


@final
@dataclass(frozen=True, slots=True, repr=False)
class Joined(Schedule):
    """Run schedules one after another, each on its own time. Build it with :func:`glideslope.sequence`.

    ``schedules[i](t - milestones[i-1])`` for milestones[i-1] <= t < milestones[i]; the first begins at 0, and the last
    runs on. A sequence inside a sequence is laid flat. Raises :class:`~glideslope.ScheduleError` for fewer than two
    schedules, milestones < 1 or not increasing, and unless there is one milestone fewer than schedules.
    torch: ``SequentialLR``. Source: torch's documentation of that class.

    >>> import glideslope as gs
    >>> s = gs.sequence([gs.Constant(0.1), gs.LinearDecay(10)], milestones=[5])
    >>> s(4), s(5), s(10)
    (0.1, 1.0, 0.5)
    """

    _called: ClassVar[str] = "sequence"
    schedules: Annotated[Sequence[Schedule], ListOf(Child(), least=2), "the schedules, in order"]
    milestones: Annotated[Sequence[StepCount], ListOf(Steps(ge=1)), "steps at which the next one begins"]

    def _cross_check(self) -> None:
        in_order("sequence", "milestones", self.milestones, strictly=True)
        if len(self.milestones) != len(self.schedules) - 1:
            must = f"have one item fewer than the {len(self.schedules)} schedules"
            raise ScheduleError.about("sequence: `milestones`", must, list(self.milestones))
        while any(self._can_be_flat(i) for i in range(len(self.schedules))):
            self._flatten(next(i for i in range(len(self.schedules)) if self._can_be_flat(i)))

    def _begin(self, i: int) -> Any:
        return self.milestones[i - 1] if i else 0

    def _can_be_flat(self, i: int) -> bool:
        inner = self.schedules[i]
        if not isinstance(inner, Joined):
            return False
        if not in_steps(self._begin(i), *inner.milestones, *self.milestones[i : i + 1]):
            return False
        room = self.milestones[i] - self._begin(i) if i < len(self.milestones) else math.inf
        last: Any = inner.milestones[-1]
        return bool(last < room)

    def _flatten(self, i: int) -> None:
        inner: Any = self.schedules[i]
        begin = self._begin(i)
        moved = tuple(begin + step for step in inner.milestones)
        steps: Any = self.milestones
        schedules: Any = self.schedules
        object.__setattr__(self, "milestones", (*steps[:i], *moved, *steps[i:]))
        object.__setattr__(self, "schedules", (*schedules[:i], *inner.schedules, *schedules[i + 1 :]))

    def __repr__(self) -> str:
        schedules, milestones = self._arguments()
        return f"sequence({schedules}, milestones={milestones})"

    def _factor(self, t: Any, ops: Ops) -> Any:
        def piece(i: int, time: Any) -> Any:
            return self.schedules[i]._factor(ops.at_least(time - self._begin(i), 0), ops)

        return ops.piecewise(t, self.milestones, piece)  # type: ignore[arg-type]

    def _horizon(self) -> int | None:
        last = self.schedules[-1]._horizon()
        return None if last is None else self._begin(len(self.milestones)) + last

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        found: list[int] = []
        ends: Any = (*self.milestones, stop)
        for i, schedule in enumerate(self.schedules):
            begin, end = self._begin(i), min(ends[i], stop)
            inside = schedule._changes(max(1, start - begin), max(1, end - begin))
            if inside is None:
                return None
            found += [begin] * (start <= begin < stop and i > 0) + [begin + step for step in inside]
        return self._real(found)


def sequence(schedules: Sequence[Schedule], milestones: Sequence[StepCount]) -> Joined:
    """Run schedules one after another, each on its own time: the i-th begins at ``milestones[i-1]``.

    See :class:`glideslope.combine.Joined`.

    >>> import glideslope as gs
    >>> gs.sequence([gs.Constant(0.1), gs.LinearDecay(10)], milestones=[5])(10)
    0.5
    """
    return Joined(schedules, milestones)


METHODS: Mapping[str, type[Wrapper]] = MappingProxyType(
    {cls.__name__.lower(): cls for cls in (Warmup, Clip, Repeat, Stretch, Shift, Cooldown, Hold)}
)
"""The wrappers by the name of the method that builds them."""

FUNCTIONS: Mapping[str, type[Schedule]] = MappingProxyType({"sequence": Joined, "product": Product})
"""Schedules made of a list of schedules, by the name of the function that builds them."""
