"""Resuming: what a state holds, and what becomes of a run whose schedule is another one than the checkpoint's."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, final

from .._check import Constraint, Flag, ListOf, Maybe, Number, ScheduleError, Whole, check_value, shorten
from ..plateau import Plateau, Progress
from ..schedule import Schedule
from ..trace import first_difference
from ._groups import COUNTERS, state_of
from ._history import BY_HAND, Record, active, check, in_force
from ._tracks import Tracks, from_plain, to_plain

MOST = 300
"""Characters of a schedule in a message."""

POLICIES = ("strict", "mine", "checkpoint", "continue", "stretch")


@final
@dataclass(frozen=True)
class Place:
    """Where a run is, and everything that decides its values there: what a state holds, and who the groups are."""

    tracks: Tracks
    epoch: int
    bases: dict[str, list[float | None]]
    starts: list[int]
    history: list[Record]
    elapsed: float | None
    total: int | None
    plateau: Plateau | None
    progress: Progress
    groups: list[str]
    built: Tracks  # what the program was built with

    @property
    def time(self) -> float:
        """The time of the schedules: steps, or seconds of a run on the wall clock."""
        return self.epoch if self.elapsed is None else self.elapsed

    def schedules(self, name: str) -> list[Schedule | None]:
        """The schedule in force for every group; None where nothing drives it."""
        records = active(self.history, self.time)
        found = self.given(name)
        return [
            each and in_force(each, name, i, start, records)
            for i, (each, start) in enumerate(zip(found, self.starts, strict=True))
        ]

    def given(self, name: str) -> list[Schedule | None]:
        """The schedule that was given for every group."""
        track = self.tracks.get(name)
        return [track.schedule_of(i, group) if track else None for i, group in enumerate(self.groups)]

    def factors(self, name: str) -> list[float | None]:
        """The factor in force for every group, with what a plateau has left of it; None where nothing drives it."""
        left = self.progress.factor if name == "lr" else 1.0
        return [
            None if each is None else each(max(self.time - start, 0)) * left
            for each, start in zip(self.schedules(name), self.starts, strict=True)
        ]

    def length(self) -> int | None:
        """The steps of the run, or those until the last schedule has said its last word."""
        if self.total is not None:
            return self.total
        horizons = [each.horizon for track in self.tracks.values() for each in track.schedules()]
        return None if None in horizons else max(horizons, default=None)  # type: ignore[type-var]

    def state(self, step_count: int) -> dict[str, Any]:
        """The state as plain numbers, text and lists: whatever happened, its keys are the same."""
        return {
            "schedule": to_plain(self.tracks),
            "built": to_plain(self.built),
            "last_epoch": self.epoch,
            "_step_count": step_count,
            "base_lrs": list(self.bases["lr"]),
            "bases": json.dumps({name: each for name, each in self.bases.items() if name != "lr"}),
            "starts": list(self.starts),
            "run_steps": self.total,
            "elapsed": self.elapsed,
            "plateau": json.dumps(self.plateau and asdict(self.plateau)),
            "progress": {**asdict(self.progress), "best": finite(self.progress.best)},
            "history": [json.dumps(each) for each in self.history],
        }


RULES: Mapping[str, Constraint] = {**COUNTERS, "last_epoch": Whole(ge=-1)}  # -1: it waits in torch's SequentialLR


def read(where: str, state: Any, mine: Place) -> tuple[Place, int]:
    """Read a state for the groups of ``mine``; raises :class:`~glideslope.ScheduleError` for a damaged one."""
    groups = len(mine.groups)
    counters = state_of(where, state, groups, RULES)
    if "schedule" not in state:
        raise ScheduleError(f"{where}: `state` must have the key `schedule`, got {shorten(sorted(map(str, state)))}.")

    def each_group(name: str, item: Constraint, value: object) -> list[Any]:
        found = list(check_value(where, name, ListOf(item), value))
        if len(found) != groups:
            raise ScheduleError.about(f"{where}: `{name}`", f"have one item for each of {groups} param groups", found)
        return found

    try:
        rest, plateau, progress = (
            json.loads(state.get("bases", "{}")),
            json.loads(state.get("plateau", "null")),
            state.get("progress"),
        )
        place = Place(
            from_plain(state["schedule"], mine.tracks),
            counters["last_epoch"],
            {
                "lr": list(counters["base_lrs"]),
                **{name: each_group(f"bases[{name}]", Maybe(Number()), each) for name, each in rest.items()},
            },
            each_group("starts", Whole(ge=0), state.get("starts", [0] * groups)),
            check([json.loads(each) for each in state.get("history", [])]),
            check_value(where, "elapsed", Maybe(Number(ge=0)), state.get("elapsed")),
            check_value(where, "run_steps", Maybe(Whole(ge=1)), state.get("run_steps")),
            None if plateau is None else Plateau(**plateau),
            Progress() if progress is None else _progress(where, progress),
            mine.groups,
            from_plain(state.get("built", state["schedule"]), mine.tracks),
        )
        for name in place.tracks:  # every schedule must have a value, with all changes
            place.factors(name)
    except ScheduleError as error:
        raise error if str(error).startswith(where) else ScheduleError(f"{where}: `state`: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError) as error:
        raise ScheduleError.about(f"{where}: `state`", f"be one from state_dict() ({error})", state) from None
    return place, counters["_step_count"]


def _progress(where: str, state: Mapping[str, Any]) -> Progress:
    rules = {"num_bad": Whole(ge=0), "cooling": Whole(ge=0), "reduce": Flag(), "factor": Number(ge=0, le=1)}
    found = {name: check_value(where, name, rule, state[name]) for name, rule in rules.items()}
    best = state["best"]
    return Progress(best=None if best is None else float(best), **found)


def difference(mine: Place, theirs: Place) -> str:
    """How a checkpoint's schedules differ from those of the program; empty when they do not."""
    if mine.tracks != theirs.tracks:
        text = f"it was made with {shown(theirs.tracks)}, and this scheduler has {shown(mine.tracks)}"
        if mine.tracks.keys() != theirs.tracks.keys():
            return text
        for name, track in mine.tracks.items():
            for i, (a, b) in enumerate(zip(mine.given(name), theirs.given(name), strict=True)):
                if a == b:
                    continue
                at = first_difference(b, a) if a and b else None
                if at or not (a and b) or a.horizon is None or b.horizon is None:
                    which = f"`{name}`" if len(track.schedules()) == 1 else f"`{name}` of group {mine.groups[i] or i}"
                    of = "" if which == "`lr`" else f" in {which}"
                    return f"{text}: {at}{of}" if at else text
    if mine.plateau != theirs.plateau:
        return f"it was made with the plateau {theirs.plateau}, and this scheduler has {mine.plateau}"
    return ""


def shown(tracks: Tracks) -> str:
    """Schedules as text, cut where they are many."""
    text = to_plain(tracks)
    text = text if isinstance(text, str) else repr(text)
    return text if len(text) <= MOST else text[: MOST - 3] + "..."


def resume(where: str, policy: str, mine: Place, theirs: Place, there: Sequence[str]) -> Place:
    """The place to go on from: the checkpoint's where the schedules are the same, else what the policy says.

    ``mine`` is the scheduler as it was built, so that loading twice is loading once; ``there`` is what can be driven.
    """
    differs = difference(mine, theirs)
    taken = any(each["what"] == "checkpoint" for each in theirs.history)
    obeyed = policy in ("strict", "checkpoint")
    if (
        differs
        and taken
        and obeyed
        and not difference(mine, replace(theirs, tracks=theirs.built, plateau=mine.plateau))
    ):
        differs, mine = "", replace(mine, tracks=theirs.tracks, plateau=theirs.plateau)  # decided by this same program
    if differs and policy == "strict":
        raise ScheduleError(
            f"{where}: the checkpoint must be of the same schedule; {differs}. "
            'If the change is meant, say policy="mine", "checkpoint", "continue" or "stretch".'
        )
    another_time = (mine.elapsed is None) != (theirs.elapsed is None)
    another_run = policy == "stretch" and None not in (mine.total, theirs.total) and mine.total != theirs.total
    if another_time and policy != "stretch":
        units = ["steps" if each.elapsed is None else "seconds" for each in (theirs, mine)]
        raise ScheduleError(
            f"{where}: the checkpoint must count the same time; it counts {units[0]}, and this scheduler "
            f'{units[1]}. policy="stretch" goes on at the same part of the run.'
        )
    bases = {**mine.bases, **theirs.bases}
    same = replace(theirs, tracks=mine.tracks, plateau=mine.plateau, total=mine.total, bases=bases, built=mine.built)
    if not differs and not another_time and not another_run:
        return same
    record: Record = {"what": policy, "step": theirs.epoch, "at": theirs.time, "schedule": to_plain(theirs.tracks)}
    place = replace(same, history=[*theirs.history, record])
    if policy == "checkpoint":
        for name in theirs.tracks:
            if name not in there:
                raise ScheduleError.about(
                    f"{where}: the checkpoint", "drive what this optimizer and these `values` have", name
                )
            if not any(theirs.schedules(name)):
                raise ScheduleError(f"{where}: the checkpoint must drive the `{name}` of some group here, got none.")
        outside = {name: track for name, track in mine.tracks.items() if name not in mine.bases}
        return replace(place, tracks={**outside, **theirs.tracks}, plateau=theirs.plateau)
    if mine.plateau is None:
        place = replace(place, progress=Progress())
    elif theirs.plateau is not None and mine.plateau.mode != theirs.plateau.mode:
        place = replace(place, progress=Progress(factor=theirs.progress.factor))
    if policy == "continue":
        record["of"] = {}
        record["of"] = {name: _ratios(where, name, place, theirs) for name in mine.tracks}
    return _stretched(where, place, mine, theirs) if policy == "stretch" else place


def _ratios(where: str, name: str, place: Place, theirs: Place) -> list[float]:
    """What each group's new schedule is multiplied by, so that its value goes on from the one in force."""
    out: list[float] = []
    for old, new in zip(theirs.factors(name), place.factors(name), strict=True):
        if old is None or new is None or old == new:
            out.append(1.0)
        elif old == 0 or new == 0:
            which = "in force" if old == 0 else "of the new schedule"
            raise ScheduleError(
                f"{where}: the `{name}` {which} must not be 0 at step {place.epoch} to be continued, got 0. "
                'policy="stretch" goes on at the same part of the run, "mine" at the same step.'
            )
        else:
            out.append(old / new)
    return out


def _stretched(where: str, place: Place, mine: Place, theirs: Place) -> Place:
    """The same part of the new length as the checkpoint is of the old one."""
    old, new = theirs.length(), mine.length()
    if not old or not new:
        raise ScheduleError(
            f'{where}: policy="stretch" must know the length of both runs, got {old or "none"} and {new or "none"}. '
            "Give the Scheduler a `run`."
        )
    ratio = new / old
    time = max(theirs.time, 0) * ratio
    starts = [math.floor(each * ratio) for each in theirs.starts]
    if mine.elapsed is None:
        time = math.floor(time + 0.5)
        place = replace(place, epoch=time, elapsed=None, starts=starts)
    else:
        place = replace(place, elapsed=time, starts=starts)
    place.history[-1]["to"] = time
    return place


def decided(place: Place, theirs: Place) -> list[str]:
    """What to tell of a decision; nothing where there was none to make."""
    if len(place.history) == len(theirs.history):
        return []
    policy, after = place.history[-1]["what"], active(place.history, place.time)
    over = [
        each for i, each in active(theirs.history, theirs.time) if each["what"] in BY_HAND and (i, each) not in after
    ]
    left = "".join(f", without the {each['what']} of step {each['step']}" for each in over)
    told = [
        f"the checkpoint was made with {shown(theirs.tracks)}, this scheduler with {shown(place.built)}; by policy "
        f"{policy!r} the run goes on at {place.time:g}{left}."
    ]
    return told + (_rises(place, theirs) if policy == "continue" else [])


def _rises(place: Place, theirs: Place) -> list[str]:
    """What to tell of a continued schedule that will rise above all that both schedules ever asked for."""
    end = int(max(place.length() or 0, place.time)) + 1
    for name in place.tracks.keys() & theirs.tracks.keys():
        rows = zip(place.given(name), place.schedules(name), theirs.given(name), place.starts, strict=True)
        for mine, after, before, start in set(rows):
            if mine is None or after is None or before is None:
                continue
            now = int(max(place.time - start, 0))
            peak = max(map(after, range(now, end, max(1, (end - now) // 1000))), default=0.0)
            asked = max(max(mine(t), before(t)) for t in range(0, end, max(1, end // 1000)))
            if peak > 1.01 * asked:
                return [
                    f"the continued schedule of `{name}` will rise to {peak:.3g} of its base, above the {asked:.3g} "
                    f"that both schedules have at most, for the new one is still low at {now}."
                ]
    return []


def finite(value: float | None) -> float | None:
    """The value, if JSON has it; an infinite best metric is none."""
    return value if value is not None and math.isfinite(value) else None
