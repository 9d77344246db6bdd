"""What was changed by hand, as a list of plain records; the schedule in force is the one given with them applied."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from .._check import ScheduleError
from ..schedule import Schedule

Record: TypeAlias = dict[str, Any]

BY_HAND = ("cooldown", "override")
"""Changes that can be undone."""

AFRESH = ("mine", "stretch", "continue")
"""Decisions of a load after which the schedule given goes on as it is: what was changed before is over."""

RECORDS: Mapping[str, tuple[str, ...]] = {
    "cooldown": ("of", "from", "steps", "shape"),
    "override": ("of", "until"),
    "undo": ("undoes",),
    "plateau": ("from", "to", "reason"),
    "mine": ("schedule",),
    "checkpoint": ("schedule",),
    "continue": ("schedule", "of"),
    "stretch": ("schedule", "to"),
}
"""Every kind of record, with what it has beside ``step`` and ``at``, the time of the schedules."""

FEW = 8
"""Layers of a schedule beyond which those under the last cooldown are replaced by the factor it fell from."""

MOST = 50
"""Layers of a schedule at most."""


def check(history: Any) -> list[Record]:
    """Return the history of a state; raises ValueError or KeyError where it is none."""
    for each in history:
        for key in ("step", "at", *RECORDS[each["what"]]):
            if key not in each:
                raise ValueError(f"a record of {each['what']} has no `{key}`")
        if each["what"] == "undo" and not 0 <= int(each["undoes"]) < len(history):
            raise ValueError(f"there is no record {each['undoes']} to undo")
    return list(history)


def copied(value: Any) -> Any:
    """A copy of plain lists and dicts."""
    if isinstance(value, Mapping):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, (list, tuple)) else value


def active(history: Sequence[Record], now: float) -> list[tuple[int, Record]]:
    """The records that bear on the schedule from ``now`` on, with their places in the history."""
    begin = max((i for i, each in enumerate(history) if each["what"] in AFRESH), default=0)
    undone = {each["undoes"] for each in history if each["what"] == "undo"}
    kept: list[tuple[int, Record]] = []
    for i, each in enumerate(history):
        if i < begin or i in undone or each["what"] not in (*BY_HAND, "continue"):
            continue
        if each["what"] == "override":
            kept = _without_covered(kept, each)
        kept.append((i, each))
    last_fall = max((k for k, (_, each) in enumerate(kept) if each["what"] == "cooldown"), default=0)
    kept = [pair for k, pair in enumerate(kept) if k < last_fall or not is_over(pair[1], now)]
    return kept[last_fall:] if len(kept) > FEW else kept


def is_over(record: Record, now: float) -> bool:
    """Whether an override holds no longer."""
    return record["what"] == "override" and record["until"] is not None and record["until"] <= now


def _without_covered(kept: list[tuple[int, Record]], new: Record) -> list[tuple[int, Record]]:
    """The records but those of which a new override leaves nothing; what a cooldown fell from is needed."""

    def covered(old: Record) -> bool:
        if new["until"] is not None and (
            old["what"] != "override" or old["until"] is None or old["until"] > new["until"]
        ):
            return False
        return all(_covers(new["of"].get(name, []), factors) for name, factors in old["of"].items())

    end = len(kept)
    while new["until"] is not None and end and kept[end - 1][1]["what"] == "override":
        end -= 1
    if new["until"] is None:
        end = 0
    return [*kept[:end], *(pair for pair in kept[end:] if not covered(pair[1]))]


def _covers(new: list[float | None], old: Any) -> bool:
    """Whether every group that an older change is about has a value by the new one."""
    if not isinstance(old, list):  # all groups
        return bool(new) and None not in new
    return all(each is None or (i < len(new) and new[i] is not None) for i, each in enumerate(old))


def in_force(schedule: Schedule, name: str, i: int, start: int, records: Sequence[tuple[int, Record]]) -> Schedule:
    """The schedule of one group, whose own time began at ``start``, with every change of it applied."""
    layers = 0
    for number, (_, each) in enumerate(records):
        factor = _of_group(each["of"].get(name), i)
        fell_from = _of_group(each.get("from"), i)
        if factor is None or (each["what"] == "cooldown" and start and fell_from is None):
            continue  # the time of this group began after the fall
        begin = max(each["at"] - start, 0)
        layers += 1
        if each["what"] == "continue":
            schedule = schedule if factor == 1 else schedule * factor
        elif each["what"] == "cooldown":
            if number == 0 and fell_from is not None:  # whatever was changed before, it fell from there
                schedule = schedule.hold(fell_from, begin) if schedule(begin) != fell_from else schedule
            end = min(factor, schedule(begin))
            schedule = schedule.cooldown(begin, each["steps"], end, each["shape"])
        else:
            until = None if each["until"] is None else each["until"] - start
            if until is None or until > begin:
                schedule = schedule.hold(factor, begin, until)
        if layers > MOST:
            raise ScheduleError(f"Scheduler: at most {MOST} changes by hand may overlap, got more. Undo some first.")
    return schedule


def renumbered(history: Sequence[Record], names: Collection[str], old: Sequence[int | None]) -> list[Record]:
    """The records of these hyperparameters for groups that had other numbers before."""

    def moved(value: Any) -> Any:
        return [None if j is None else _of_group(value, j) for j in old] if isinstance(value, list) else value

    out = []
    for each in history:
        of = {name: moved(value) if name in names else value for name, value in each.get("of", {}).items()}
        out.append(
            {
                **each,
                **({"of": of} if "of" in each else {}),
                **({"from": moved(each["from"])} if "from" in each else {}),
            }
        )
    return out


def _of_group(factors: Any, i: int) -> float | None:
    """One for all groups, or that of a list with one for each group there was."""
    if isinstance(factors, list):
        return factors[i] if i < len(factors) else None
    return factors  # type: ignore[no-any-return]
