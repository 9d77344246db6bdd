"""Constraints declared next to a field, and the one error they raise."""

import math
import numbers
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import Any, get_type_hints

MAX_STEP = 2**53
"""The last step that float64 can tell from its neighbours."""


class ScheduleError(ValueError):
    """A bad value, said in one line: where, what must hold, what we got, at most one hint.

    >>> import glideslope as gs
    >>> gs.MultiStepDecay([-3])
    Traceback (most recent call last):
        ...
    glideslope.ScheduleError: MultiStepDecay: `milestones` must be steps >= 1, got -3.
    """

    __module__ = "glideslope"  # where people find it

    @classmethod
    def about(cls, where: str, must: str, got: object, hint: str = "") -> "ScheduleError":
        """Build the message: ``where`` must hold ``must``; it got ``got``; ``hint`` says what to do."""
        return cls(f"{where} must {must}, got {shorten(got)}.{' ' + hint if hint else ''}")


def shorten(value: object) -> str:
    """Return the repr of any value, at most 60 characters of it.

    >>> shorten([1, 2])
    '[1, 2]'
    """
    try:
        text = repr(value)
    except Exception:  # a user's broken __repr__, or an int too long to print, must not hide the real error
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that names what was probably meant, or what there is.

    >>> nearest("gama", ["gamma", "step_size"])
    'Did you mean `gamma`?'
    """
    options = sorted(known)
    lower = {option.lower(): option for option in options}
    close = get_close_matches(name.lower()[:100], lower, n=1, cutoff=0.5)
    return f"Did you mean `{lower[close[0]]}`?" if close else f"There is: {', '.join(options)}."


def plain_number(value: object) -> float | None:
    """Return a finite float for any real number of Python or numpy, None for everything else."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None


class Constraint(ABC):
    """What a value must be. ``text`` completes the sentence "must be ..."."""

    __slots__ = ()

    @property
    @abstractmethod
    def text(self) -> str:
        """The words after "must be"."""

    @abstractmethod
    def accept(self, value: object) -> Any:
        """Return the value in its one stored form; raise ValueError when it does not hold."""

    def check(self, where: str, value: object) -> Any:
        """Return the stored form of ``value`` or raise a :class:`ScheduleError` about ``where``."""
        try:
            return self.accept(value)
        except ScheduleError:
            raise
        except (ValueError, TypeError) as error:
            got = error.args[0] if isinstance(error, _ItemError) else value
            raise ScheduleError.about(where, f"be {self.text}", got) from None


class _ItemError(ValueError):
    """Carries the one item of a list that did not hold."""


@dataclass(frozen=True)
class Number(Constraint):
    """A finite number inside bounds. ``shown``: the repr states it even when it is the default."""

    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None
    shown: bool = False

    @property
    def text(self) -> str:
        bounds = [(">", self.gt), (">=", self.ge), ("<", self.lt), ("<=", self.le)]
        return "a number " + " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)

    def accept(self, value: object) -> float:
        number = plain_number(value)
        if (
            number is None
            or (self.gt is not None and not number > self.gt)
            or (self.ge is not None and not number >= self.ge)
            or (self.lt is not None and not number < self.lt)
            or (self.le is not None and not number <= self.le)
        ):
            raise ValueError
        return number


@dataclass(frozen=True)
class Whole(Constraint):
    """A whole number of at least ``ge``."""

    ge: int = 1

    @property
    def text(self) -> str:
        return f"a whole number >= {self.ge}"

    def accept(self, value: object) -> int:
        number = plain_number(value)
        if number is None or number != int(number) or not self.ge <= number <= MAX_STEP:
            raise ValueError
        return int(number)


@dataclass(frozen=True)
class OneOf(Constraint):
    """One of a few words."""

    choices: tuple[str, ...]

    @property
    def text(self) -> str:
        return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)

    def accept(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError
        return value


@dataclass(frozen=True)
class Flag(Constraint):
    """True or False."""

    @property
    def text(self) -> str:
        return "True or False"

    def accept(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value


@dataclass(frozen=True)
class ListOf(Constraint):
    """At least ``least`` items, each holding ``item``; stored as a tuple."""

    item: Constraint
    least: int = 1

    @property
    def text(self) -> str:
        return self.item.text

    def accept(self, value: object) -> tuple[Any, ...]:
        if isinstance(value, (str, bytes, dict, set, frozenset)) or not isinstance(value, Iterable):
            raise FieldError(f"be a list ({self.item.text} each)", value)
        values = tuple(value)
        if len(values) < self.least:
            raise FieldError(f"have at least {self.least} item{'s' * (self.least > 1)}", list(values))
        out = []
        for each in values:
            try:
                out.append(self.item.accept(each))
            except ScheduleError:
                raise
            except (ValueError, TypeError):
                raise _ItemError(each) from None
        return tuple(out)


@dataclass(frozen=True)
class Pair(Constraint):
    """Two items, such as (step, factor); stored as a tuple."""

    first: Constraint
    second: Constraint

    @property
    def text(self) -> str:
        return f"pairs ({self.first.text}, {self.second.text})"

    def accept(self, value: object) -> tuple[Any, Any]:
        if isinstance(value, (str, bytes, dict, set)) or not isinstance(value, Iterable):
            raise ValueError
        first, second = value
        return self.first.accept(first), self.second.accept(second)


@dataclass(frozen=True)
class OneOrEach(Constraint):
    """One item, or a list with one item for each of something. ``shown`` as in :class:`Number`."""

    item: Constraint
    shown: bool = False

    @property
    def text(self) -> str:
        return self.item.text

    def accept(self, value: object) -> Any:
        if isinstance(value, Iterable) and not isinstance(value, str) and plain_number(value) is None:
            return ListOf(self.item).accept(value)
        return self.item.accept(value)


@dataclass(frozen=True)
class Maybe(Constraint):
    """None, or what ``item`` says."""

    item: Constraint

    @property
    def text(self) -> str:
        return f"{self.item.text}, or None"

    def accept(self, value: object) -> Any:
        return None if value is None else self.item.accept(value)


class FieldError(ScheduleError):
    """Raised inside a constraint that knows what must hold but not where; :func:`check_value` adds the place."""

    def __init__(self, must: str, got: object, hint: str = ""):
        super().__init__(must, got, hint)
        self.must, self.got, self.hint = must, got, hint


@dataclass(frozen=True)
class Parameter:
    """One field of a class, as declared: its name, constraint, one line of documentation and default."""

    name: str
    constraint: Constraint
    doc: str
    default: object

    @property
    def required(self) -> bool:
        """True when the field has no default."""
        return self.default is MISSING

    @property
    def shown(self) -> bool:
        """True when the repr states the field even at its default."""
        return self.required or getattr(self.constraint, "shown", False)


def parameters(cls: type) -> tuple[Parameter, ...]:
    """Return the declared fields of a dataclass whose annotations carry a constraint and a line of text."""
    return _parameters(cls)


@cache
def _parameters(cls: Any) -> tuple[Parameter, ...]:
    hints = get_type_hints(cls, include_extras=True)
    out = []
    for each in fields(cls):
        if each.init:
            notes = hints[each.name].__metadata__
            constraint = next(note for note in notes if isinstance(note, Constraint))
            doc = next(note for note in reversed(notes) if isinstance(note, str))
            out.append(Parameter(each.name, constraint, doc, each.default))
    return tuple(out)


def check_value(where: str, name: str, constraint: Constraint, value: object) -> Any:
    """Return the stored form of one named value, or raise about "where: `name`"."""
    place = f"{where}: `{name}`" if where else f"`{name}`"
    try:
        return constraint.check(place, value)
    except FieldError as error:
        raise ScheduleError.about(place, error.must, error.got, error.hint) from None


def check_fields(instance: object, where: str, setter: Callable[[object, str, object], None]) -> None:
    """Bring every declared field of a fresh dataclass into its stored form."""
    for each in parameters(type(instance)):
        setter(instance, each.name, check_value(where, each.name, each.constraint, getattr(instance, each.name)))
