"""Curves for other programs: CSV with every step, JSON with everything that is known."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from ..clock import Run
from ..schedule import Schedule
from ..spec import to_dict
from ..trace import Trace
from .describe import segments, summary
from .outline import lr_of, pieces, thin

ROWS = 2000
"""Segments of one schedule that JSON holds; of more, the middle is left out."""
POINTS = 20_000
"""Points of one trace that JSON holds; of more, those that keep its look."""


def to_csv(schedules: Mapping[str, Schedule], run: Run, base_lr: float) -> Iterator[str]:
    """Yield CSV, piece by piece: a line for every step of the run, a column for each schedule.

    The column is ``lr`` for one schedule, its name for several.

    >>> import glideslope as gs
    >>> print(*to_csv({"a": gs.StepDecay(1)}, gs.Run(epochs=2), 0.5), sep="", end="")
    step,lr
    0,0.5
    1,0.05
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["step", *(schedules if len(schedules) > 1 else ["lr"])])
    for columns in zip(*(pieces(each, run, base_lr) for each in schedules.values()), strict=True):
        writer.writerows(zip(columns[0].steps.tolist(), *(lr_of(each).tolist() for each in columns), strict=True))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def to_json(named: Mapping[str, Schedule], curves: Mapping[str, Trace], base_lr: float, differences: list[Any]) -> str:
    """Return everything about the curves as JSON.

    ``every_step`` tells whether a trace holds every step of the run, or, of a long one, the points that keep its look;
    ``segments_left_out`` how many segments are missing from the middle. Both kinds of loss are never silent.
    """
    run = next(iter(curves.values())).run
    document = {
        "run": {
            **asdict(run),
            "wall": None if run.wall is None else str(run.wall),
            "total_steps": run.total_steps,
            "unit": run.unit,
        },
        "base_lr": base_lr,
        "schedules": [_one(name, named[name], trace) for name, trace in curves.items()],
        "differences": differences,
    }
    return json.dumps(document, allow_nan=False)


def _one(name: str, schedule: Schedule, trace: Trace) -> dict[str, Any]:
    rows = [asdict(each) for each in segments(trace)]
    out = max(0, len(rows) - ROWS)
    shown = thin(trace, POINTS)
    return {
        "name": name,
        "spec": repr(schedule),
        "resolved": repr(trace.schedule),
        "dict": to_dict(schedule),
        "horizon": trace.schedule.horizon,
        "summary": asdict(summary(trace)),
        "segments": rows[: ROWS // 2] + rows[-ROWS // 2 :] if out else rows,
        "segments_left_out": out,
        "trace": {
            "step": shown.steps.tolist(),
            "lr": lr_of(shown).tolist(),
            "every_step": len(shown.steps) == trace.run.total_steps,
        },
    }
