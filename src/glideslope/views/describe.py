"""A curve in words and numbers: what it does when, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .._check import ScheduleError
from ..trace import Trace
from .outline import lr_of, small, stretches, weights

KINDS = {-1: "falls", 0: "held", 1: "rises"}


@dataclass(frozen=True)
class Segment:
    """One stretch of a curve: steps ``first`` to ``last``, both included, and the learning rates there.

    ``kind`` is "held", "falls" or "rises".
    """

    first: int
    last: int
    lr_first: float
    lr_last: float
    kind: str


def segments(trace: Trace) -> list[Segment]:
    """Return what the curve does when; every step belongs to exactly one segment.

    A jump lies between two segments: the step it happens at is the ``first`` of the second one.

    >>> import glideslope as gs
    >>> for row in segments(gs.trace(gs.MultiStepDecay([30], gamma=0.5).warmup(5), gs.Run(epochs=90))):
    ...     print(row.first, row.last, row.kind, round(row.lr_first, 4), round(row.lr_last, 4))
    0 4 rises 0.3333 0.8667
    5 29 held 1.0 1.0
    30 89 held 0.5 0.5
    """
    values = lr_of(trace).tolist()
    steps = trace.steps.tolist()
    cut = stretches(trace)
    starts = cut.starts.tolist()
    ends = [*(start - 1 for start in starts[1:]), len(steps) - 1]
    rows = [
        Segment(steps[a], steps[b], values[a], values[b], KINDS[sign if b > a else 0])
        for a, b, sign in zip(starts, ends, cut.signs.tolist(), strict=True)
    ]
    merged = rows[:1]
    for row in rows[1:]:
        if _flat(merged[-1].lr_first, row.lr_first) and _flat(merged[-1].lr_first, row.lr_last):
            merged[-1] = replace(merged[-1], last=row.last, lr_last=row.lr_last, kind="held")
        else:
            merged.append(row)
    return merged


def _flat(a: float, b: float) -> bool:
    """Equal but for rounding: where a curve bends over a hundred million steps, neighbours differ by less."""
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b))


@dataclass(frozen=True)
class Summary:
    """What a curve comes to: the learning rate at the start, in the middle and at the end, and its peak.

    ``share_small`` is the share of the run spent under 1 % of the peak.
    """

    start: float
    middle: float
    end: float
    peak: float
    peak_step: int
    share_small: float


def summary(trace: Trace) -> Summary:
    """Return what the curve comes to; the middle is step ``total_steps // 2``.

    >>> import glideslope as gs
    >>> summary(gs.trace(gs.MultiStepDecay([30, 60, 80]), gs.Run(epochs=90), base_lr=0.1)).share_small
    0.1111111111111111
    """
    import numpy as np

    values, total = lr_of(trace), trace.run.total_steps
    if not values.size:
        raise ScheduleError("summary: the trace must have at least one step, got none.")
    middle = int(np.searchsorted(trace.steps, total // 2, side="right")) - 1
    top = int(values.argmax())
    return Summary(
        start=float(values[0]),
        middle=float(values[middle]),
        end=float(values[-1]),
        peak=float(values[top]),
        peak_step=int(trace.steps[top]),
        share_small=int(weights(trace)[values < small(values)].sum()) / total,
    )
