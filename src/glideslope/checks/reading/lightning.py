"""What ``configure_optimizers`` gives to Lightning, and how Lightning will step it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import Const, Function, Items, Optimizer, Scheduler, Table, Value, number, options

if TYPE_CHECKING:
    from .interpreter import Interpreter

NAMES = ("LightningModule",)


@dataclass(frozen=True)
class Handed:
    """One scheduler in the hands of Lightning."""

    scheduler: Scheduler
    interval: str | None  # "epoch", "step", None where the text does not say
    frequency: float | None
    monitor: str | None
    watched: bool  # whether something names a metric
    epochs: float | None  # of the one Trainer in the file


def lightning(reading: Interpreter) -> list[Handed]:
    """Return the schedulers that modules of the file give to Lightning."""
    ways = [(way, value) for way in _configured(reading) for value in reading.returned.get(way, ())]
    return [handed for _, value in ways for each in options(value) for handed in _schedulers(each, _epochs(reading))]


def forgotten(reading: Interpreter) -> list[Scheduler]:
    """Return the schedulers that ``configure_optimizers`` builds and gives to nobody."""
    homes = _configured(reading)
    held = {id(each) for instance in reading.instances for value in instance.attrs.values() for each in options(value)}
    given = {id(handed.scheduler) for handed in lightning(reading)}
    return [
        each
        for each in reading.schedulers
        if reading.roots.get(each.root) in homes and id(each) not in held | given
        and not each.handed_over and not each.inside and _is_all_known(reading, reading.roots[each.root])
    ]  # fmt: skip


def _is_all_known(reading: Interpreter, home: ast.AST) -> bool:
    """Whether everything that is returned there is an optimizer, or a list or a dict that is written out."""
    found = [each for value in reading.returned.get(home, ()) for each in options(value)]
    return bool(found) and all(isinstance(each, (Optimizer, Items, Table)) for each in found)


def _configured(reading: Interpreter) -> list[ast.AST]:
    """Every ``configure_optimizers`` of a module that Lightning optimizes by itself."""
    found: list[ast.AST] = []
    for cls in reading.classes:
        function = cls.names.get("configure_optimizers")
        mine = (each for each in reading.instances if each.cls is cls)
        by_hand = any(isinstance(each.attrs.get("automatic_optimization"), Const) for each in mine)
        if not isinstance(function, Function) or not cls.is_a(*NAMES):
            continue
        if not by_hand and "automatic_optimization" not in cls.names:
            found.append(function.node)
    return found


def _epochs(reading: Interpreter) -> float | None:
    if len(reading.trainers) != 1:
        return None
    trainer = reading.trainers[0]
    if "" in trainer or "max_steps" in trainer or "max_time" in trainer:
        return None
    return number(trainer.get("max_epochs"))


def _schedulers(way: Value, epochs: float | None) -> list[Handed]:
    """Read one returned value: a dict, ``[optimizers], [schedulers]``, or a list of dicts."""
    if isinstance(way, Table):
        return _one(way.entries.get("lr_scheduler"), epochs, way.whole)
    if not isinstance(way, Items):
        return []
    found = []
    if len(way.values) == 2 and isinstance(way.values[1], Items):
        for each in way.values[1].values:
            found += _one(each, epochs, True)
        return found
    for each in way.values:
        if isinstance(each, Table):
            found += _one(each.entries.get("lr_scheduler"), epochs, each.whole)
    return found


def _one(value: Value | None, epochs: float | None, whole: bool) -> list[Handed]:
    found = []
    for each in options(value):
        if isinstance(each, Scheduler):
            found.append(Handed(each, "epoch", 1, None, not whole, epochs))
        elif isinstance(each, Table):
            for inner in options(each.entries.get("scheduler")):
                if isinstance(inner, Scheduler):
                    interval = each.entries.get("interval", Const("epoch" if each.whole else None))
                    monitor = each.entries.get("monitor")
                    found.append(
                        Handed(
                            inner,
                            str(interval.value) if isinstance(interval, Const) and interval.value else None,
                            number(each.entries.get("frequency", Const(1))),
                            monitor.value if isinstance(monitor, Const) and isinstance(monitor.value, str) else None,
                            monitor is not None or not each.whole or not whole,
                            epochs,
                        )
                    )
    return found
