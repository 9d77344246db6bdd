"""What ``configure_optimizers`` gives to Lightning, and how Lightning will step it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import Class, Const, Function, Items, Scheduler, Table, Value, number, options

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
    found: list[Handed] = []
    for cls in reading.classes:
        function = cls.names.get("configure_optimizers")
        if not isinstance(function, Function) or not _is_module(cls):
            continue
        if (
            any(
                isinstance(each.attrs.get("automatic_optimization"), Const)
                for each in reading.instances
                if each.cls is cls
            )
            or "automatic_optimization" in cls.names
        ):
            continue
        for value in reading.returned.get(function.node, ()):
            for way in options(value):
                found += _schedulers(way, _epochs(reading))
    return found


def _is_module(cls: Class) -> bool:
    return cls.is_a(*NAMES)


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
