"""What the figures of a comparison show, as numbers: curves over epochs, with the spread between seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..trace import Trace
from .outline import path

WIDE = 20.0
"""A learning rate whose largest value is so many times its smallest is shown on a log axis."""


@dataclass(frozen=True)
class Band:
    """One schedule: after each epoch the mean, the least and the greatest of the seeds that still trained."""

    epochs: list[int]
    mean: list[float]
    low: list[float]
    high: list[float]


def band(found: Mapping[str, Any], name: str, value: Callable[[Mapping[str, Any]], float]) -> Band:
    """Return the curve of one schedule; ``value`` takes a row of the history. Cells that diverged are left out."""
    histories = [cell["history"] for cell in found["cells"] if cell["name"] == name and cell["status"] == "done"]
    columns: list[list[float]] = []
    for epoch in range(max(map(len, histories), default=0)):
        columns.append([value(history[epoch]) for history in histories if len(history) > epoch])
    mean = [sum(column) / len(column) for column in columns]
    return Band(list(range(1, len(columns) + 1)), mean, list(map(min, columns)), list(map(max, columns)))


def train_loss(row: Mapping[str, Any]) -> float:
    """Return the mean training loss of an epoch."""
    return float(row["train_loss"])


def metric_of(found: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], float]:
    """Return the function that takes the metric out of a row."""
    return lambda row: float(row["metrics"][found["metric"]])


def lr_path(trace: Trace) -> tuple[list[float], list[float]]:
    """Return the learning rate as (epochs, rates): the line to draw, jumps upright, held to the end of the run."""
    line = path(trace)
    x, y = [*line.x.tolist(), float(trace.run.total_steps)], line.y.tolist()
    return [step / (trace.run.advances_per_epoch or 1) for step in x], [*y, y[-1]]


def needs_log(traces: Mapping[str, Trace]) -> bool:
    """Return True when the rates that are not 0 lie so far apart that a log axis shows more."""
    rates = [float(rate) for trace in traces.values() for rate in trace.values.ravel() if rate > 0]
    return bool(rates) and max(rates) > WIDE * min(rates)


def finals(found: Mapping[str, Any]) -> dict[str, dict[int, float]]:
    """Return for each schedule the final metric of each seed that ended."""
    out: dict[str, dict[int, float]] = {summary["name"]: {} for summary in found["schedules"]}
    for cell in found["cells"]:
        if cell["status"] == "done":
            out[cell["name"]][cell["seed"]] = float(cell["final"])
    return out
