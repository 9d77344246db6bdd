"""Probe: what can be tried before the first step is tried, so that a mistake costs seconds and not hours."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass, field
from typing import Any

from .._check import ScheduleError
from . import optimizers
from .cell import build_optimizer
from .checkpoint import seed_all
from .plan import Cell, Plan
from .task import Task


@dataclass(frozen=True)
class Facts:
    """What a task says about itself, as plain values: how its results are to be read."""

    metric: str = "metric"
    mode: str = "max"
    unit: str = ""
    parameters: int = 0
    steps_per_epoch: int | None = None
    samples_per_step: int | None = None
    tokens_per_step: int | None = None
    optimizers: dict[str, tuple[str, float]] = field(default_factory=dict)
    """For each entry by name the text of its optimizer, and the lr of its first group before any schedule."""


def probe(plan: Plan) -> Facts:
    """Build the task, and every optimizer and schedule on it; train nothing.

    A ``make_task`` that raises for one seed is asked for the next: its cells will fail, and the others go on. When it
    raises for all of them there are no facts. Raises :class:`~glideslope.ScheduleError` for an optimizer that cannot be
    built or stepped, and a schedule that the run cannot resolve.
    """
    for text in dict.fromkeys([plan.optimizer, *(entry.optimizer for entry in plan.entries)]):
        if text is not None:
            optimizers.check(text)
    make = plan.source.maker()
    for seed in range(plan.seeds):
        seed_all(seed)
        try:
            task = make(seed)
        except ScheduleError:
            raise
        except (Exception, SystemExit):
            continue
        return _facts(plan, task)
    return Facts()


def _facts(plan: Plan, task: Task) -> Facts:
    run = plan.run(task)
    built = {}
    for entry in plan.entries:
        optimizer = build_optimizer(plan, Cell(entry.name, 0), task)
        try:
            entry.schedule.resolve(run)(0)
        except ScheduleError as error:
            raise ScheduleError(f"{entry.name}: {error}") from None
        text = entry.optimizer or plan.optimizer or optimizers.describe(optimizer)
        built[entry.name] = (text, float(optimizer.param_groups[0]["lr"]))
    return Facts(
        metric=task.metric,
        mode=task.mode,
        unit=str(getattr(task, "unit", "")),
        parameters=sum(each.numel() for each in task.model.parameters()),
        steps_per_epoch=task.steps_per_epoch,
        samples_per_step=run.samples_per_step,
        tokens_per_step=run.tokens_per_step,
        optimizers=built,
    )


def versions() -> dict[str, str]:
    """Return the versions that the numbers depend on."""
    import numpy as np
    import torch

    from .. import __version__

    return {
        "glideslope": __version__,
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def machine() -> dict[str, Any]:
    """Return the machine in words: its system, processor and number of cores."""
    import joblib

    name = platform.processor() or platform.machine()
    if sys.platform == "linux":
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    return {"system": platform.platform(), "processor": name, "cores": joblib.cpu_count()}
