"""Plan: everything that decides the numbers of a comparison, and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._check import OneOf, ScheduleError, Whole, check_value, shorten
from ..clock import Run
from ..schedule import Schedule
from ..spec import parse
from .early_stop import EarlyStop
from .task import Source

MOST_CELLS = 10_000
_ENTRY = re.compile(r"\s*([^=\s()\[\]'\",]*)\s*=(?!=)\s*(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class Cell(NamedTuple):
    """One training: a schedule's name and a seed."""

    name: str
    seed: int

    @property
    def key(self) -> str:
        """The cell's name in the store's file names."""
        return f"{self.name}-seed{self.seed}"

    def __str__(self) -> str:
        return f"{self.name}, seed {self.seed}"


@dataclass(frozen=True)
class Entry:
    """One schedule to compare: its name, itself, and the optimizer it brings along, if any."""

    name: str
    schedule: Schedule
    optimizer: str | None = None

    @classmethod
    def parse(cls, text: str) -> Entry:
        """Read ``name=SCHEDULE`` or ``name=SCHEDULE @ OPTIMIZER``; raise :class:`~glideslope.ScheduleError` otherwise.

        >>> Entry.parse("step=StepDecay('5ep') @ AdamW(lr=0.001)")
        Entry(name='step', schedule=StepDecay('5ep', gamma=0.1), optimizer='AdamW(lr=0.001)')
        """
        match = _ENTRY.fullmatch(text)
        if match is None:
            must = "be name=SCHEDULE, such as \"step=StepDecay('5ep')\""
            raise ScheduleError.about("compare: an entry", must, text)
        name, rest = match[1], match[2]
        if not _NAME.fullmatch(name):
            must = "be 1 to 40 letters, digits, `.`, `_` and `-`, and begin with a letter or digit"
            raise ScheduleError.about("compare: the name of an entry", must, name)
        schedule, at, optimizer = rest.partition("@")
        try:
            return cls(name, parse(schedule), optimizer.strip() if at else None)
        except ScheduleError as error:
            raise ScheduleError(f"{name}: {error}") from None


@dataclass(frozen=True)
class Plan:
    """A comparison: ``entries`` × ``seeds`` cells of ``epochs`` epochs each.

    Two plans with the same :meth:`identity` give the same numbers on the same machine. ``optimizer`` None is the
    task's own. Raises :class:`~glideslope.ScheduleError` for two entries of one name (whatever the case of its
    letters), no entry, and more than 10 000 cells.
    """

    entries: tuple[Entry, ...]
    source: Source
    seeds: int = 3
    epochs: int = 15
    per: str = "step"
    optimizer: str | None = None
    early_stop: EarlyStop | None = None

    def __post_init__(self) -> None:
        for name, constraint in (("seeds", Whole()), ("epochs", Whole()), ("per", OneOf(("step", "epoch")))):
            object.__setattr__(self, name, check_value("compare", f"--{name}", constraint, getattr(self, name)))
        if not self.entries:
            raise ScheduleError("compare must be given at least one name=SCHEDULE, got none.")
        lower = [entry.name.lower() for entry in self.entries]
        for entry in self.entries:
            if lower.count(entry.name.lower()) > 1:
                raise ScheduleError.about("compare", "have one entry of each name", f"{entry.name} twice")
        if len(self.entries) * self.seeds > MOST_CELLS:
            got = f"{len(self.entries)} x {self.seeds}"
            raise ScheduleError(f"compare must have at most {MOST_CELLS} cells (schedules x seeds), got {got}.")

    def cells(self) -> list[Cell]:
        """Return the cells, one seed after the other, so that a comparison that is stopped can still be read."""
        return [Cell(entry.name, seed) for seed in range(self.seeds) for entry in self.entries]

    def entry(self, cell: Cell) -> Entry:
        """Return the entry of a cell."""
        return next(entry for entry in self.entries if entry.name == cell.name)

    def run(self, task: Any) -> Run:
        """Return the run that the schedules' durations are resolved against; ``task`` knows how long an epoch is."""
        return Run(
            epochs=self.epochs,
            steps_per_epoch=task.steps_per_epoch,
            samples_per_step=getattr(task, "samples_per_step", None),
            tokens_per_step=getattr(task, "tokens_per_step", None),
            per=self.per,
        )

    def identity(self) -> dict[str, Any]:
        """Return everything the numbers depend on as plain values, ready for JSON; equal plans, equal dicts."""
        return {
            "schedules": {entry.name: repr(entry.schedule) for entry in self.entries},
            "optimizers": {entry.name: entry.optimizer or self.optimizer for entry in self.entries},
            "seeds": self.seeds,
            "epochs": self.epochs,
            "schedule moves on after each": self.per,
            "early stop": self.early_stop and str(self.early_stop),
            **self.source.identity(),
        }


def fingerprint(identity: Mapping[str, Any]) -> str:
    """Return a short text that differs when the plan does."""
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16]


def difference(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Return what differs between two identities, one phrase each; the order of the schedules counts."""
    found = []
    for key in dict.fromkeys([*there, *here]):
        theirs, mine = there.get(key), here.get(key)
        if isinstance(theirs, dict) and isinstance(mine, dict):
            inside = [
                _say(f"{key.removesuffix('s')} of `{name}`", theirs.get(name), mine.get(name))
                for name in dict.fromkeys([*theirs, *mine])
                if theirs.get(name) != mine.get(name)
            ]
            if not inside and list(theirs) != list(mine):
                inside = [_say(f"the order of the {key}", ", ".join(theirs), ", ".join(mine))]
            found += inside
        elif theirs != mine:
            found.append(_say(key, theirs, mine))
    return found


def _say(what: str, there: object, here: object) -> str:
    def show(value: object) -> str:
        return "not there" if value is None else value if isinstance(value, str) else shorten(value)

    return f"{what} was {show(there)}, is {show(here)}"
