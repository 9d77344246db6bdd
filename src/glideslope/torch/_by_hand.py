"""Changes by hand: what is checked and worked out before one becomes a record of the history."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .._anneal import FALLS
from .._check import Number, OneOf, ScheduleError, check_value, nearest
from ..clock import Duration, Run, StepCount, Steps
from ._groups import plain, say
from ._history import BY_HAND, active, is_over
from ._resume import Place


def cooldown(place: Place, run: Run | None, length: StepCount, to: float, shape: str) -> dict[str, Any]:
    """What a fall of the lr from the factors in force is recorded with."""
    where = "Scheduler.cooldown"
    if "lr" not in place.tracks:
        raise ScheduleError(f"{where}: the lr must be scheduled, got none for it.")
    check_value(where, "shape", OneOf(FALLS), shape)
    end = check_value(where, "to", Number(gt=0) if shape == "exponential" else Number(ge=0), to)
    at, left = math.ceil(place.time), place.progress.factor
    now = max((each for each in place.factors("lr") if each is not None), default=0.0)
    if end > now:
        raise ScheduleError.about(f"{where}: `to`", f"be at most {now:g}, the factor in force", to)
    fell_from = [
        None if each is None else each(max(at - start, 0))
        for each, start in zip(place.schedules("lr"), place.starts, strict=True)
    ]
    if shape == "exponential" and 0 in fell_from:
        raise ScheduleError(f"{where}: an exponential fall must not begin at 0, as in group {fell_from.index(0)}.")
    steps = _steps(f"{where}: `length`", length, run, place.time)
    if run is not None and at + steps > run.total_steps:
        say(f"{where}: the fall ends at {run.unit} {at + steps}, after the {run.total_steps} of the run.")
    return {"at": at, "steps": steps, "shape": shape, "of": {"lr": end / left}, "from": fell_from}


def override(
    place: Place, run: Run | None, outside: Mapping[str, float], until: StepCount | None, values: Mapping[str, object]
) -> dict[str, Any]:
    """What values held by hand are recorded with; ``outside`` are the bases of values outside the optimizer."""
    where = "Scheduler.override"
    if not values:
        raise ScheduleError(f"{where} must have a hyperparameter, such as lr=0.01, got none.")
    stop = None if until is None else _steps(f"{where}: `until`", until, run)
    if stop is not None and stop <= place.time:
        raise ScheduleError.about(f"{where}: `until`", f"be later than now, {place.time:g}", until)
    of = {}
    for name, value in values.items():
        if name not in place.tracks:
            raise ScheduleError.about(where, "name what this scheduler drives", name, nearest(name, place.tracks))
        left = place.progress.factor if name == "lr" else 1
        bases: list[Any] = [outside.get(name)]
        if name not in outside:
            driven = zip(place.bases[name], place.given(name), strict=True)
            bases = [None if base is None or given is None else base * left for base, given in driven]
        of[name] = _factors(f"{where}: `{name}`", value, bases)
    return {"at": math.floor(place.time), "until": stop, "of": of}


def undo(place: Place, run: Run | None) -> dict[str, Any]:
    """What taking back the last change in force is recorded with."""
    records = reversed(active(place.history, place.time))
    last = next((i for i, each in records if each["what"] in BY_HAND and not is_over(each, place.time)), None)
    if last is None:
        raise ScheduleError("Scheduler.undo must have a cooldown or an override to take back, got none.")
    return {"undoes": last}


def _steps(where: str, length: StepCount, run: Run | None, done: float | None = None) -> int:
    """A length in steps of the run (seconds, on the wall clock).

    Without a run ``"10%"`` is that part of the run which ends after this length, ``done`` steps being done.
    """
    name = where.partition(": ")[2].strip("`")
    steps = check_value(where.partition(": ")[0], name, Steps(ge=1), length)
    if isinstance(steps, Duration):
        if run is not None:
            steps = run.count(steps)
        elif steps.unit == "st":
            steps = math.floor(steps.value + 0.5)
        elif steps.unit == "%" and done is not None and steps.value < 100:
            steps = math.floor(done * steps.value / (100 - steps.value) + 0.5)
        else:
            raise ScheduleError(
                f"{where} must be steps, or under 100%, where the Scheduler has no `run`, got '{steps}'."
            )
    if steps < 1:
        raise ScheduleError.about(where, "be at least one step", length)
    return steps  # type: ignore[no-any-return]


def _factors(where: str, value: object, bases: Sequence[float | None]) -> list[float | None]:
    """The factor for each base at which ``value``, one for all groups or a list with one for each, comes out."""
    value = plain(value)
    wanted = list(value) if isinstance(value, (list, tuple)) else [value] * len(bases)
    if len(wanted) != len(bases):
        raise ScheduleError.about(where, f"have one value for each of {len(bases)} param groups", value)
    out: list[float | None] = []
    for i, (each, base) in enumerate(zip(wanted, bases, strict=True)):
        if base is None or (each is None and isinstance(value, (list, tuple))):
            out.append(None)
            continue
        number = Number(ge=0 if base >= 0 else None).check(where, each)
        if base == 0:
            raise ScheduleError(
                f"{where} must have a base other than 0 to be held at {number:g}, got 0 in group {i}. Give None for it."
            )
        if number / base < 0:
            raise ScheduleError.about(where, f"have the sign of its base, {base:g}", each)
        out.append(number / base)
    if not any(each is not None for each in out):
        raise ScheduleError.about(where, "be given for some group", value)
    return out
