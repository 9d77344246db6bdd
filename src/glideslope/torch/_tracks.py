"""Which schedule drives what: one track for each hyperparameter, and for each value outside the optimizer."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from .._check import ScheduleError, nearest, shorten
from ..clock import Run
from ..schedule import Schedule
from ..spec import parse
from ._keys import LR, Key, keys_of

Groups: TypeAlias = Sequence[Mapping[str, Any]]
Given: TypeAlias = Schedule | Sequence[Schedule] | Mapping[str, Schedule]
"""One schedule for all groups, one for each, or one for each by the group's ``name``."""


@final
@dataclass(frozen=True)
class Track:
    """The schedules of one name: a list has one for each group, a dict one for each name of a group."""

    name: str
    given: Schedule | list[Schedule] | dict[str, Schedule]

    def schedule_of(self, i: int, name: str) -> Schedule | None:
        """The schedule of the i-th group, which has this name; None when it has none."""
        if isinstance(self.given, Schedule):
            return self.given
        if isinstance(self.given, dict):
            return self.given.get(name)
        return self.given[i] if i < len(self.given) else None

    def schedules(self) -> list[Schedule]:
        """All of them."""
        if isinstance(self.given, Schedule):
            return [self.given]
        return list(self.given.values()) if isinstance(self.given, dict) else self.given

    def renumbered(self, old: Sequence[int | None]) -> "Track":
        """The track for groups that had other numbers before; new ones come last."""
        if not isinstance(self.given, list):
            return self
        return Track(self.name, [self.given[j] for j in old if j is not None and j < len(self.given)])

    def resolve(self, run: Run) -> "Track":
        """The track with every duration turned into steps of the run."""
        return Track(self.name, _map(lambda each: each.resolve(run), self.given))


Tracks: TypeAlias = dict[str, Track]


def read_tracks(groups: Groups, given: object) -> Tracks:
    """Read what the program gave: for the lr, or for each of several hyperparameters; raises where it does not fit."""
    if isinstance(given, Mapping) and given:
        there = keys_of(groups)
        strange = [key for key in given if key not in there]
        if not strange:
            return {key: _track(groups, key, each) for key, each in given.items()}
        names = [str(group["name"]) for group in groups if "name" in group]
        mixed = len(strange) < len(given) and not set(given) <= set(names)
        if mixed or not set(given) & set(names):
            must = "have the hyperparameters of the param groups as keys, or the names of the groups"
            hint = nearest(str(strange[0]), [*there, *names])
            raise ScheduleError.about("Scheduler: `schedule`", must, strange[0], hint)
    return {"lr": _track(groups, "lr", given)}


def _track(groups: Groups, name: str, given: object) -> Track:
    where = "Scheduler: `schedule`" if name == "lr" else f"Scheduler: the schedule of `{name}`"
    key = Key.parse(name) or LR
    for i, group in enumerate(groups):
        if key == LR and key.read(group) is None:
            raise ScheduleError.about(f"Scheduler: the `lr` of param group {i}", "be a finite number", group["lr"])
    if isinstance(given, Mapping):
        names = [str(group.get("name", "")) for group in groups if key.read(group) is not None]
        for i, each in enumerate(names):
            if each not in given:
                what = f"name every param group, so also the group `{each}`" if each else f"find a `name` in group {i}"
                raise ScheduleError(
                    f"{where} must {what}, got {shorten(sorted(map(str, given)))}. "
                    + ("Give a group that stays as it is gs.Constant()." if each else 'Give the groups a "name".')
                )
        return Track(name, {str(key): as_schedule(where, each) for key, each in given.items()})
    if isinstance(given, (list, tuple)):
        if len(given) != len(groups):
            raise ScheduleError.about(where, f"have one schedule for each of {len(groups)} param groups", given)
        return Track(name, [as_schedule(where, each) for each in given])
    return Track(name, as_schedule(where, given))


def as_schedule(where: str, given: object) -> Schedule:
    if not isinstance(given, Schedule):
        hint = "Read text with glideslope.parse(...) first." if isinstance(given, str) else ""
        raise ScheduleError.about(where, "be a glideslope schedule", given, hint)
    return given


def to_plain(tracks: Tracks) -> str:
    """The tracks as text: that of the schedule when there is one for the lr and nothing else, else JSON by name."""
    plain = {name: _map(repr, track.given) for name, track in tracks.items()}
    return plain["lr"] if list(plain) == ["lr"] and isinstance(plain["lr"], str) else json.dumps(plain)


def from_plain(plain: object, known: Tracks) -> Tracks:
    """Read what :func:`to_plain` wrote; ``known`` ones are not parsed, for a program may have shapes of its own."""
    texts = {repr(each): each for track in known.values() for each in track.schedules()}
    if isinstance(plain, str) and plain.startswith("{"):
        plain = json.loads(plain)
    named = plain if isinstance(plain, Mapping) else {"lr": plain}
    if not named or not all(isinstance(name, str) for name in named):
        raise ScheduleError.about("Scheduler: the schedules of a state", "be a dict by name", plain)
    return {name: Track(name, _map(lambda text: texts.get(text) or parse(text), each)) for name, each in named.items()}


def _map(change: Callable[[Any], Any], given: Any) -> Any:
    """Change the one, or each one of a list or dict."""
    if isinstance(given, Mapping):
        return {name: change(each) for name, each in given.items()}
    return [change(each) for each in given] if isinstance(given, (tuple, list)) else change(given)
