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
    plain_number,
)

UNITS = {"ep": "epochs", "st": "steps", "sa": "samples", "tok": "tokens", "%": "percent of the run"}
_TEXT = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*([a-zA-Z%]+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time with its unit: ``"30ep"``, ``"500st"``, ``"1e6sa"``, ``"2e9tok"``, ``"10%"``.

    ``ep`` epochs, ``st`` optimizer steps, ``sa`` samples, ``tok`` tokens, ``%`` percent of the run.
    A :class:`Run` turns it into steps. Raises :class:`ScheduleError` for another unit or a value that is not finite.

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


@dataclass(frozen=True, slots=True)
class Run:
    """How long a training run is, and how many optimizer steps an epoch has.

    ``epochs`` × ceil(``steps_per_epoch`` / ``accumulate``) steps, or just ``steps``. ``steps_per_epoch``,
    ``samples_per_step`` and ``tokens_per_step`` count batches of the loader; ``accumulate`` batches make one
    optimizer step, and is taken into account once, here. Without ``steps_per_epoch`` a step is an epoch.
    ``per="epoch"`` says that the scheduler is advanced once an epoch although steps are known.

    >>> run = Run(epochs=90, steps_per_epoch=5004, samples_per_step=256)
    >>> run.total_steps
    450360
    >>> run.count("30ep"), run.count("10%"), run.count("1e6sa")
    (150120, 45036, 3906)
    """

    epochs: Annotated[int | None, Maybe(Whole()), "epochs in the run"] = None
    steps_per_epoch: Annotated[int | None, Maybe(Whole()), "batches in an epoch, `len(loader)`"] = None
    accumulate: Annotated[int, Whole(), "batches for one optimizer step"] = 1
    samples_per_step: Annotated[int | None, Maybe(Whole()), "samples in a batch, over all processes"] = None
    tokens_per_step: Annotated[int | None, Maybe(Whole()), "tokens in a batch, over all processes"] = None
    steps: Annotated[int | None, Maybe(Whole()), "optimizer steps in the run, instead of epochs"] = None
    per: Annotated[str, OneOf(("step", "epoch")), "what the scheduler is advanced once for"] = "step"

    def __post_init__(self) -> None:
        check_fields(self, "Run", object.__setattr__)
        if (self.epochs is None) == (self.steps is None):
            raise ScheduleError(
                "Run must have `epochs` or `steps`, one of the two; got " + ("both." if self.epochs else "neither.")
            )
        if self.per == "epoch" and self.epochs is None:
            raise ScheduleError('Run: `per="epoch"` must come with `epochs`; got a run counted in steps.')
        if self.accumulate > 1 and self.steps_per_epoch is None and self.epochs is not None:
            raise ScheduleError("Run: `accumulate` must come with `steps_per_epoch`; without it a step is an epoch.")
        if self.total_steps > MAX_STEP:
            raise ScheduleError.about("Run", "be at most 2**53 steps long", self.total_steps)

    @property
    def _updates_per_epoch(self) -> int:
        return math.ceil((self.steps_per_epoch or 1) / self.accumulate)

    @property
    def total_steps(self) -> int:
        """Times the scheduler is advanced in the run: optimizer steps, or epochs with ``per="epoch"``."""
        if self.epochs is None:
            assert self.steps is not None
            return self.steps
        return self.epochs if self.per == "epoch" else self.epochs * self._updates_per_epoch

    @property
    def advances_per_epoch(self) -> int | None:
        """Advances of the scheduler in one epoch: optimizer steps, or 1; None when the run knows no epochs."""
        if self.per == "epoch":
            return 1
        if self.steps_per_epoch is None:
            return 1 if self.epochs is not None else None
        return self._updates_per_epoch

    def count(self, duration: StepCount) -> int:
        """Return a duration as a number of steps of this run, to the nearest step; a bare number is one already.

        Raises :class:`ScheduleError` when the run does not know the unit: samples need ``samples_per_step``.
        """
        steps: int | Duration = check_value("Run.count", "duration", Steps(ge=None), duration)
        if isinstance(steps, int):
            return steps
        return math.floor(steps.value * self._one(steps) + 0.5)

    def _one(self, duration: Duration) -> float:
        """Advances of the scheduler in one unit of the duration."""
        if duration.unit == "%":
            return self.total_steps / 100
        if duration.unit == "ep":
            return self._known(self.advances_per_epoch, "steps_per_epoch", duration)
        per_update = 1.0
        if self.per == "epoch" or (self.epochs is not None and self.steps_per_epoch is None):
            self._known(self.steps_per_epoch, "steps_per_epoch", duration)
            per_update = 1 / self._updates_per_epoch
        if duration.unit == "st":
            return per_update
        name = "samples_per_step" if duration.unit == "sa" else "tokens_per_step"
        return per_update / (self._known(getattr(self, name), name, duration) * self.accumulate)

    @staticmethod
    def _known(value: int | None, name: str, duration: Duration) -> int:
        if value is None:
            raise ScheduleError(
                f"Run: `{name}` must be given to turn '{duration}' ({UNITS[duration.unit]}) into steps, got None."
            )
        return value
