"""The outline of a curve: the few points that hold its whole shape, however long the run is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .._check import ScheduleError, shorten
from ..clock import Run
from ..schedule import Schedule
from ..trace import Difference, Trace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POINTS = 4000
"""Points that a drawn curve needs at most: more than a screen has columns."""
CHUNK = 1 << 20
"""Steps evaluated at a time."""
MAX_STEPS = 1_000_000_000
MAX_CORNERS = 4_000_000
SAME = 4 * 2.0**-52
"""Neighbours that differ by less, relative to the greater, are the same number after rounding."""
LEAP = 10.0
"""A step that moves the value this much further than the steps beside it is a jump, not a part of the slope."""
REACH = 3
"""Points kept on each side of a corner, so that a jump beside it is still told from a slope."""


def lr_of(trace: Trace) -> NDArray[np.float64]:
    """Return the learning rates of a trace of one param group; raise :class:`ScheduleError` for several."""
    if trace.values.ndim == 1:
        return trace.values
    if len(trace.values) != 1:
        raise ScheduleError(f"a view must be given the trace of one param group, got {len(trace.values)} groups.")
    return trace.values[0]  # type: ignore[no-any-return]


def moves(values: NDArray[np.float64], gaps: NDArray[np.int64] | int = 1) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Return the direction of each move to the next point (-1, 0, 1), and whether it is a jump inside a slope.

    ``gaps``: steps to the next point. A move that rounding could have made in so many steps is none.
    """
    import numpy as np

    delta = np.diff(values)
    size = np.abs(delta)
    sign = np.sign(delta).astype(np.int8)
    sign[size <= SAME * gaps * np.maximum(np.abs(values[1:]), np.abs(values[:-1]))] = 0
    leaps = np.zeros(len(sign), dtype=bool)
    if len(sign) >= 5:
        mid = size[2:-2]
        leaps[2:-2] = (mid > LEAP * np.maximum(size[1:-3], size[3:-1])) & (sign[2:-2] != 0)
        for off in (0, 1, 3, 4):
            leaps[2:-2] &= sign[off : len(sign) - 4 + off] == sign[2:-2]
    return sign, leaps


@dataclass(frozen=True)
class Stretches:
    """Where each stretch of a curve begins (index of its first point), its direction, and whether a jump led there."""

    starts: NDArray[np.intp]
    signs: NDArray[np.int8]
    after_jump: NDArray[np.bool_]


def stretches(trace: Trace) -> Stretches:
    """Cut a trace into stretches that are held, fall or rise; every point belongs to exactly one.

    A held stretch owns both its ends; of a rise and a fall that meet, the first owns the peak; a single move between
    neighbouring steps is a jump, and the point it leads to begins the next stretch.
    """
    import numpy as np

    values = lr_of(trace)
    if values.size < 2:
        empty = np.zeros(values.size, dtype=np.int8)
        return Stretches(np.arange(values.size), empty, empty.astype(bool))
    gaps = np.diff(trace.steps)
    sign, leaps = moves(values, gaps)
    near = gaps == gaps.min()
    leaps[1:-1] &= near[:-2] & near[1:-1] & near[2:]
    edge = (sign[1:] != sign[:-1]) | leaps[1:] | leaps[:-1]
    first = np.concatenate(([0], np.flatnonzero(edge) + 1))  # the first move of each group of like moves
    length = np.diff(np.append(first, len(sign)))
    kind = sign[first]
    jump = (length == 1) & near[first] & (kind != 0)
    before_jump = np.concatenate(([True], jump[:-1]))  # true for the first group: nobody owns its first point
    begins_early = (kind == 0) | before_jump
    start = np.where(begins_early, first, first + 1)
    keep = ~jump | before_jump  # a jump owns a point only where nobody else does
    after = np.concatenate(([False], jump[:-1]))
    signs = np.where(jump, 0, kind).astype(np.int8)
    start, signs, after = start[keep], signs[keep], after[keep]
    if jump[-1]:
        start, signs, after = np.append(start, len(sign)), np.append(signs, np.int8(0)), np.append(after, True)
    return Stretches(start, signs, after)


def corners(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the indices of all points near a place where the curve changes direction or jumps, in order."""
    import numpy as np

    if len(values) < 2:
        return np.arange(len(values))
    sign, leaps = moves(values)
    edge = np.flatnonzero((sign[1:] != sign[:-1]) | leaps[1:] | leaps[:-1]) + 1
    near = (edge[:, None] + np.arange(-REACH, REACH + 1)).ravel()
    return np.unique(near[(near >= 0) & (near < len(values))])


def extremes(values: NDArray[np.float64], buckets: int) -> NDArray[np.intp]:
    """Return the indices of the first, last, least and greatest point of each of so many equal parts, in order."""
    import numpy as np

    size = max(1, -(-len(values) // max(1, buckets)))
    whole = len(values) // size * size
    body = values[:whole].reshape(-1, size)
    begin = np.arange(0, whole, size)
    parts = [begin, begin + size - 1, begin + body.argmin(axis=1), begin + body.argmax(axis=1)]
    if whole < len(values):
        rest = values[whole:]
        parts.append(whole + np.array([0, len(rest) - 1, rest.argmin(), rest.argmax()]))
    return np.unique(np.concatenate(parts))


def weights(trace: Trace) -> NDArray[np.int64]:
    """Return for how many steps each point stands: up to the next point, or to the end of the run."""
    import numpy as np

    return np.diff(np.append(trace.steps, max(trace.run.total_steps, int(trace.steps[-1]) + 1)))


def log_floor(traces: Iterable[Trace]) -> float:
    """Return where a log axis ends below: the rate that some curve is under for no more than 1/200 of its run.

    A cosine comes within 1e-12 of its end on the last of many steps; showing that would flatten everything else.
    Raises :class:`ScheduleError` when every rate is 0.
    """
    import numpy as np

    floors = []
    for trace in traces:
        values, weight = lr_of(trace), weights(trace)
        order = np.argsort(values)
        order = order[values[order] > 0]
        if order.size:
            reached = np.searchsorted(np.cumsum(weight[order]), 0.005 * weight[order].sum())
            floors.append(float(values[order[min(int(reached), order.size - 1)]]))
    if not floors:
        raise ScheduleError("a log axis must have a learning rate > 0 to show, got only 0.")
    return min(floors)


def thin(trace: Trace, points: int = POINTS) -> Trace:
    """Return a trace of about ``points`` points that looks the same: itself when it has no more.

    The first, last, least and greatest value of every part are kept, so that no spike is lost, and both ends of every
    edge as long as there are not more edges than points.

    >>> import glideslope as gs
    >>> long = gs.trace(gs.MultiStepDecay([123_456]), gs.Run(steps=450_000))
    >>> short = thin(long)
    >>> len(short.steps) < 5000, 123_455 in short.steps, 123_456 in short.steps
    (True, True, True)
    """
    import numpy as np

    values = lr_of(trace)
    if values.size <= points:
        return trace
    kept = extremes(values, points // 4)
    edges = corners(values)
    if edges.size <= points:
        kept = np.union1d(kept, edges)
    return Trace(trace.schedule, trace.run, trace.steps[kept], values[kept])


class Line(NamedTuple):
    """The points of a line to draw. At a jump there are two at one step; ``before`` marks the first, the old value."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    before: NDArray[np.bool_]


def path(trace: Trace) -> Line:
    """Return the points of the line to draw: the trace, thinned, with an upright edge at each jump.

    >>> import glideslope as gs
    >>> line = path(gs.trace(gs.MultiStepDecay([2]), gs.Run(steps=4)))
    >>> line.x.tolist(), line.y.tolist()
    ([0.0, 1.0, 2.0, 2.0, 3.0], [1.0, 1.0, 1.0, 0.1, 0.1])
    """
    import numpy as np

    trace = thin(trace)
    values = lr_of(trace)
    cut = stretches(trace)
    at = cut.starts[cut.after_jump]
    x = np.insert(trace.steps.astype(float), at, trace.steps[at])
    before = np.insert(np.zeros(values.size, dtype=bool), at, True)
    return Line(x, np.insert(values, at, values[at - 1]), before)


def _piece(schedule: Schedule, run: Run, base_lr: float, begin: int, end: int) -> Trace:
    """Evaluate a resolved schedule at the steps begin <= t < end."""
    import numpy as np

    steps = np.arange(begin, end, dtype=np.int64)
    with np.errstate(over="ignore"):  # said below, in the user's words
        values = base_lr * schedule(steps)
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        where = moment(run, int(steps[wrong[0]]))
        raise ScheduleError(
            f"{shorten(schedule)}: the learning rate must stay a finite number, got {values[wrong[0]]:g} at {where}."
        )
    return Trace(schedule, run, steps, values)


def pieces(schedule: Schedule, run: Run, base_lr: float) -> Iterator[Trace]:
    """Yield a schedule evaluated at every step of a run, a million steps at a time.

    Raises :class:`ScheduleError` for a learning rate that is not finite.
    """
    resolved = schedule.resolve(run)
    for begin in range(0, run.total_steps, CHUNK):
        yield _piece(resolved, run, base_lr, begin, min(begin + CHUNK, run.total_steps))


def outline(schedule: Schedule, run: Run, base_lr: float, tick: Callable[[int], None] = lambda _: None) -> Trace:
    """Evaluate a schedule at every step of a run, and keep the points that hold its shape.

    Every step when the run is short. Of a longer one: all corners (so that its stretches, peak and share of small rates
    stay exact) and the extremes of 1000 parts. ``tick`` is told how many steps are done. Raises
    :class:`ScheduleError` for a learning rate that is not finite, more than a thousand million steps, and more
    corners than fit in memory.

    >>> import glideslope as gs
    >>> len(outline(gs.CosineDecay("100%"), gs.Run(steps=1_000_000), 0.1).steps) < 5000
    True
    """
    import numpy as np

    total = run.total_steps
    schedule = schedule.resolve(run)
    if total > MAX_STEPS:
        raise ScheduleError.about("the run", f"be at most {MAX_STEPS:,} steps long to be drawn", f"{total:,}")
    if total <= POINTS:
        return _piece(schedule, run, base_lr, 0, total)
    middle, steps, values, count = total // 2, [], [], 0
    parts = max(1, POINTS // 4 // -(-total // CHUNK))
    for begin in range(0, total, CHUNK):
        end = min(begin + CHUNK, total)
        lead = max(0, begin - 2 * REACH)
        piece = _piece(schedule, run, base_lr, lead, min(end + 2 * REACH, total))
        own = piece.values[begin - lead : end - lead]
        edges = corners(piece.values) + lead
        kept = np.union1d(extremes(own, parts) + begin, edges[(edges >= begin) & (edges < end)])
        if begin <= middle < end:
            kept = np.union1d(kept, middle)
        count += kept.size
        if count > MAX_CORNERS:
            raise ScheduleError(f"the curve must have fewer corners to be drawn, got {count:,} by step {end:,}.")
        steps.append(kept)
        values.append(piece.values[kept - lead])
        tick(end - begin)
    return _with_crossing(Trace(schedule, run, np.concatenate(steps), np.concatenate(values)), base_lr)


def small(values: NDArray[np.float64]) -> float:
    """Return the rate that is 1 % of the peak; a hair less, so that what was meant as 1 % is not under it."""
    return float(values.max()) * 0.01 * (1 - 1e-9)


def _with_crossing(trace: Trace, base_lr: float) -> Trace:
    """Add the two steps around each place where the curve crosses 1 % of its peak; between points it is monotone."""
    import numpy as np

    limit = small(trace.values)
    low = trace.values < limit
    at = np.flatnonzero(low[1:] != low[:-1])
    left, right, side = trace.steps[at], trace.steps[at + 1], low[at]
    while (open_ := right - left > 1).any():
        mid = (left + right) // 2
        same = (base_lr * trace.schedule(mid) < limit) == side
        left, right = np.where(open_ & same, mid, left), np.where(open_ & ~same, mid, right)
    steps = np.union1d(trace.steps, np.concatenate([left, right]))
    return Trace(trace.schedule, trace.run, steps, base_lr * trace.schedule(steps))


def first_difference(a: Schedule, b: Schedule, run: Run, base_lr: float) -> Difference | None:
    """Return where two schedules first differ in a run, looking at every step; None when they do not."""
    for mine, theirs in zip(pieces(a, run, base_lr), pieces(b, run, base_lr), strict=True):
        found = mine.difference(theirs)
        if found is not None:
            return found
    return None


_NUMBER = re.compile(r"e([+-])0*(\d)")


def number(value: float, digits: int = 6) -> str:
    """Write a learning rate in at most so many digits.

    >>> number(0.1), number(1 / 3), number(0.00001)
    ('0.1', '0.333333', '1e-5')
    """
    return _NUMBER.sub(lambda found: f"e{found[1].strip('+')}{found[2]}", f"{value:.{digits}g}")


def apart(a: float, b: float) -> tuple[str, str]:
    """Write two different learning rates in as many digits as it takes to see the difference.

    >>> apart(1.0, 0.1), apart(1.0, 0.999999999)
    (('1', '0.1'), ('1', '0.999999999'))
    """
    digits = next((n for n in range(6, 17) if number(a, n) != number(b, n)), 17)
    return number(a, digits), number(b, digits)


def count(steps: int) -> str:
    """Write a number of steps: ``450 000``."""
    return f"{steps:,}".replace(",", " ")


def reading(run: Run, step: int) -> str:
    """Write a time of a run as a number: of its steps, or on the wall clock hours, minutes and seconds.

    >>> reading(Run(steps=9000), 8640), reading(Run(wall="6h"), 8640)
    ('8 640', '2:24:00')
    """
    if run.unit != "second":
        return count(step)
    minutes, seconds = divmod(step, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def moment(run: Run, step: int) -> str:
    """Write a time of a run with its unit: ``epoch 30``, ``step 8 640``, or on the wall clock ``2:24:00``."""
    return reading(run, step) if run.unit == "second" else f"{run.unit} {count(step)}"
