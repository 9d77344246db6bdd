"""Time: durations in any unit, and the run that turns them into steps."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, TypeAlias

from ._check import (
    MAX_STEP,
    Constraint,
    FieldError,
    Maybe,
    OneOf,
    ScheduleError,
    Whole,
    check_fields,
    check_value,
    nearest,
    parameters,
    plain_number,
)

SECONDS = {"h": 3600, "min": 60, "s": 1}
"""Seconds in each unit of the wall clock."""
UNITS = {
    "ep": "epochs", "st": "steps", "sa": "samples", "tok": "tokens", "%": "percent of the run",
    "h": "hours", "min": "minutes", "s": "seconds",
}  # fmt: skip
_TEXT = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*([a-zA-Z%]+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time with its unit: ``"30ep"``, ``"500st"``, ``"1e6sa"``, ``"2e9tok"``, ``"10%"``, ``"6h"``.

    ``ep`` epochs, ``st`` optimizer steps, ``sa`` samples, ``tok`` tokens, ``%`` percent of the run; ``h``, ``min`` and
    ``s`` are time on the wall clock. A :class:`Run` turns it into steps. Raises :class:`ScheduleError` for another unit
    or a value that is not finite.

    >>> Duration.parse("30ep")
    Duration(value=30, unit='ep')
    >>> str(Duration(2e9, "tok"))
    '2e9tok'
    """

    value: float
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            hint = nearest(str(self.unit), UNITS)
            raise ScheduleError.about("Duration: `unit`", f"be one of {', '.join(UNITS)}", self.unit, hint)
        number = plain_number(self.value)
        if number is None:
            raise ScheduleError.about("Duration: `value`", "be a finite number", self.value)
        object.__setattr__(self, "value", int(number) if number == int(number) else number)

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read ``"30ep"`` and the like; raise :class:`ScheduleError` for anything else."""
        match = _TEXT.fullmatch(text) if isinstance(text, str) and len(text) <= 50 else None
        if match is None:
            raise ScheduleError.about("Duration", 'be a number and a unit, such as "30ep" or "10%"', text)
        return cls(float(match[1]), match[2])

    def __str__(self) -> str:
        if isinstance(self.value, int):
            digits = str(self.value)
            kept = digits.rstrip("0")
            zeros = len(digits) - len(kept)
            return f"{kept}e{zeros}{self.unit}" if zeros >= 6 else f"{digits}{self.unit}"
        return f"{self.value!r}{self.unit}"


@dataclass(frozen=True)
class Steps(Constraint):
    """A whole number of steps of at least ``ge``, or a duration that a run will turn into one."""

    ge: int | None = 1

    @property
    def text(self) -> str:
        return "steps" if self.ge is None else f"steps >= {self.ge}"

    def accept(self, value: object) -> "int | Duration":
        if isinstance(value, str):
            value = self._parse(value)
        if isinstance(value, Duration):
            if self.ge is not None and (value.value < 0 or (value.value == 0 and self.ge > 0)):
                raise ValueError
            return value
        number = plain_number(value)
        if number is None or number != int(number) or abs(number) > MAX_STEP:
            raise ValueError
        if self.ge is not None and number < self.ge:
            raise ValueError
        return int(number)

    def _parse(self, text: str) -> Duration:
        try:
            return Duration.parse(text)
        except ScheduleError:
            unit = re.sub(r"[^a-zA-Z%]", "", text[:50])
            hint = nearest(unit, UNITS) if unit and unit not in UNITS else ""
            raise FieldError(f'be {self.text} or a duration such as "30ep", "500st", "10%"', text, hint) from None


@dataclass(frozen=True)
class WallTime(Constraint):
    """A time on the wall clock, from one second to 2**53: a duration in ``h``, ``min`` or ``s``."""

    @property
    def text(self) -> str:
        return 'a time of at least 1s in h, min or s, such as "6h"'

    def accept(self, value: object) -> Duration:
        try:
            time = Duration.parse(value) if isinstance(value, str) else value
        except ScheduleError:
            raise ValueError from None
        if not isinstance(time, Duration) or not 1 <= time.value * SECONDS.get(time.unit, 0) <= MAX_STEP:
            raise ValueError
        return time


StepCount: TypeAlias = int | str | Duration
"""What a step parameter takes: a number of steps, or a duration such as ``"30ep"``."""


def in_steps(*values: object) -> bool:
    """Return True when none of the values still waits for a run."""
    return not any(isinstance(value, Duration) for value in values)


def in_order(where: str, name: str, steps: Sequence[Any], strictly: bool = False) -> None:
    """Refuse steps that go back (or, strictly, that stand still); durations of several units wait for the run."""
    pairs = [(a, b) for a, b in pairwise(steps) if in_steps(a, b)]
    if any(a > b or (strictly and a == b) for a, b in pairs):
        must = "be strictly increasing" if strictly else "be in increasing order"
        raise ScheduleError.about(f"{where}: `{name}`", must, list(steps))


LENGTHS = ("epochs", "steps", "wall")
"""The fields of a run of which exactly one is given."""


@dataclass(frozen=True, slots=True)
class Run:
    """How long a training run is, and what a schedule's time counts in it.

    One of three says how long:

    * ``epochs``: so many epochs of ceil(``steps_per_epoch`` / (``accumulate`` × ``processes``)) optimizer steps.
      Without ``steps_per_epoch`` a step is an epoch; ``per="epoch"`` says that the scheduler is advanced once an epoch
      although steps are known.
    * ``steps``: so many optimizer steps, however many batches make one.
    * ``wall="6h"``: a time on the wall clock. The schedule's time is then counted in whole seconds, and a bare number
      in a schedule is seconds: ``MultiStepDecay([60])`` drops after a minute. Such a run knows no steps and no epochs.

    >>> run = Run(epochs=90, steps_per_epoch=5004, samples_per_step=256)
    >>> run.total_steps
    450360
    >>> run.count("30ep"), run.count("10%"), run.count("1e6sa")
    (150120, 45036, 3906)
    >>> Run(wall="6h").total_steps, Run(wall="6h").count("30min")
    (21600, 1800)

    ``steps_per_epoch``, ``samples_per_step`` and ``tokens_per_step`` count batches as the loader gives them;
    ``accumulate`` × ``processes`` of these make one optimizer step, and that is taken into account once, here. There
    are two ways to share data among processes. When one loader's batches are dealt out to 8 processes, so that every
    process trains on an eighth of them, give the whole loader and ``processes=8``:

    >>> Run(epochs=10, steps_per_epoch=1000, processes=8, samples_per_step=32).total_steps
    1250

    When the loader of each process is already its own share, as with torch's ``DistributedSampler``, its length is
    right as it is: leave ``processes`` at 1, and count the samples of a batch over all processes, here 8 × 32.

    >>> Run(epochs=10, steps_per_epoch=125, samples_per_step=256).total_steps
    1250
    """

    epochs: Annotated[int | None, Maybe(Whole()), "epochs in the run"] = None
    steps_per_epoch: Annotated[int | None, Maybe(Whole()), "batches in an epoch, `len(loader)`"] = None
    accumulate: Annotated[int, Whole(), "batches of one process for one optimizer step"] = 1
    samples_per_step: Annotated[int | None, Maybe(Whole()), "samples in a batch"] = None
    tokens_per_step: Annotated[int | None, Maybe(Whole()), "tokens in a batch"] = None
    steps: Annotated[int | None, Maybe(Whole()), "optimizer steps in the run, instead of epochs"] = None
    per: Annotated[str, OneOf(("step", "epoch")), "what the scheduler is advanced once for"] = "step"
    processes: Annotated[int, Whole(), "processes among which the loader's batches are divided"] = 1
    wall: Annotated[str | Duration | None, Maybe(WallTime()), "time on the wall clock, instead of epochs"] = None

    def __post_init__(self) -> None:
        check_fields(self, "Run", object.__setattr__)
        lengths = [f"`{name}`" for name in LENGTHS if getattr(self, name) is not None]
        if len(lengths) != 1:
            got = " and ".join(lengths) or "none"
            raise ScheduleError(f"Run must have one of `epochs`, `steps` and `wall`; got {got}.")
        if self.wall is not None:
            self._refuse_steps()
        if self.per == "epoch" and self.epochs is None:
            raise ScheduleError('Run: `per="epoch"` must come with `epochs`; got a run counted in steps.')
        for name in ("accumulate", "processes"):
            if getattr(self, name) > 1 and self.steps_per_epoch is None and self.epochs is not None:
                raise ScheduleError(f"Run: `{name}` must come with `steps_per_epoch`; without it a step is an epoch.")
        if self.total_steps > MAX_STEP:
            raise ScheduleError.about("Run", "be at most 2**53 steps long", self.total_steps)

    def _refuse_steps(self) -> None:
        """A run on the wall clock knows no steps: whatever counts them must be at its default."""
        for each in parameters(Run):
            if each.name != "wall" and getattr(self, each.name) != each.default:
                raise ScheduleError(
                    f"Run: `{each.name}` must come with `epochs` or `steps`; got `wall`, and such a run counts seconds."
                )

    @property
    def unit(self) -> str:
        """What one step of a schedule is in this run: "step", "epoch" where it is advanced once an epoch, "second".

        >>> Run(epochs=90).unit, Run(wall="6h").unit
        ('epoch', 'second')
        """
        if self.wall is not None:
            return "second"
        return "epoch" if self.advances_per_epoch == 1 else "step"

    @property
    def _batches_per_update(self) -> int:
        return self.accumulate * self.processes

    @property
    def updates_per_epoch(self) -> int:
        """Optimizer steps in an epoch; 1 where the run does not know."""
        return math.ceil((self.steps_per_epoch or 1) / self._batches_per_update)

    @property
    def total_steps(self) -> int:
        """Length of the run in the schedule's time: optimizer steps, epochs with ``per="epoch"``, or seconds."""
        if isinstance(self.wall, Duration):
            return _rounded(self.wall.value * SECONDS[self.wall.unit])
        if self.epochs is None:
            assert self.steps is not None
            return self.steps
        return self.epochs if self.per == "epoch" else self.epochs * self.updates_per_epoch

    @property
    def advances_per_epoch(self) -> int | None:
        """Advances of the scheduler in one epoch: optimizer steps, or 1; None when the run knows no epochs."""
        if self.per == "epoch":
            return 1
        if self.steps_per_epoch is None:
            return 1 if self.epochs is not None else None
        return self.updates_per_epoch

    def count(self, duration: StepCount) -> int:
        """Return a duration as a number of steps of this run, to the nearest step; a bare number is one already.

        Raises :class:`ScheduleError` when the run does not know the unit: samples need ``samples_per_step``, hours
        need ``wall``.
        """
        steps: int | Duration = check_value("Run.count", "duration", Steps(ge=None), duration)
        if isinstance(steps, int):
            return steps
        try:
            return _rounded(steps.value * self._one(steps))
        except OverflowError:
            raise ScheduleError.about("Run.count: `duration`", "be at most 2**53 steps", str(steps)) from None

    def _one(self, duration: Duration) -> float:
        """Advances of the scheduler in one unit of the duration."""
        if duration.unit == "%":
            return self.total_steps / 100
        if self.wall is not None or duration.unit in SECONDS:
            return self._second(duration)
        if duration.unit == "ep":
            return self._known(self.advances_per_epoch, "steps_per_epoch", duration)
        per_update = 1.0
        if self.per == "epoch" or (self.epochs is not None and self.steps_per_epoch is None):
            self._known(self.steps_per_epoch, "steps_per_epoch", duration)
            per_update = 1 / self.updates_per_epoch
        if duration.unit == "st":
            return per_update
        name = "samples_per_step" if duration.unit == "sa" else "tokens_per_step"
        return per_update / (self._known(getattr(self, name), name, duration) * self._batches_per_update)

    def _second(self, duration: Duration) -> int:
        """Seconds in one unit of the duration, where both the run and the duration are on the wall clock."""
        if self.wall is not None and duration.unit in SECONDS:
            return SECONDS[duration.unit]
        given = next(name for name in LENGTHS if getattr(self, name) is not None)
        needed = "wall" if duration.unit in SECONDS else "epochs" if duration.unit == "ep" else "steps"
        raise ScheduleError(
            f"Run: `{needed}` must be given instead of `{given}` to turn '{duration}' ({UNITS[duration.unit]}) into "
            f"{'seconds' if needed == 'wall' else 'steps'}, got {given}={getattr(self, given)}."
        )

    def _known(self, value: int | None, name: str, duration: Duration) -> int:
        if value is None:
            what = f"'{duration}' ({UNITS[duration.unit]})"
            raise ScheduleError(f"Run: `{name}` must be given to turn {what} into {self.unit}s, got None.")
        return value


def _rounded(steps: float) -> int:
    """The nearest whole number, up when both are as near."""
    return math.floor(steps + 0.5)
