"""Pictures in a file: learning-rate curves drawn by matplotlib."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .._check import ScheduleError
from ..clock import SECONDS, UNITS
from ..trace import Trace
from .files import needs, write_file
from .outline import count, log_floor, lr_of, moment, number, path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
"""Okabe and Ito's colours, which most colour-blind people can tell apart; the yellow is left out, it is too light."""

DASHES: tuple[tuple[int, tuple[float, ...]], ...] = (
    (0, ()),
    (0, (6, 2)),
    (0, (2, 2)),
    (0, (8, 2, 2, 2)),
    (0, (12, 3)),
    (0, (4, 2, 1, 2, 1, 2)),
)
"""Line styles as matplotlib takes them; one fewer than the colours, so that 42 pairs differ."""


def css_dash(number: int) -> str:
    """Return the dash of curve ``number`` as plotly and SVG write it.

    >>> css_dash(0), css_dash(1)
    ('solid', '9px,3px')
    """
    lengths = DASHES[number % len(DASHES)][1]
    return ",".join(f"{1.5 * length:g}px" for length in lengths) or "solid"


def wrapped(label: str, width: int, lines: int = 3) -> list[str]:
    """Break a long label into at most so many lines of at most so many characters.

    >>> wrapped("MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)", 40)
    ['MultiStepDecay([30, 60, 80],', 'gamma=0.1).warmup(5)']
    """
    text = (
        label if len(label) <= width * lines else label[: width * lines] + " "
    )  # a spec may have a million characters
    found = textwrap.wrap(text, width, max_lines=lines, placeholder=" ...")
    return found or [" "]


@dataclass(frozen=True)
class TimeAxis:
    """How time is drawn: the label of the axis, and the steps (or seconds) in one unit of it."""

    label: str
    scale: int = 1

    def tick(self, place: float) -> str:
        """Return a number on the axis as text; an hour has halves, a step has none."""
        return count(round(place)) if self.scale == 1 else f"{place:g}"


def time_axis(curves: Mapping[str, Trace]) -> TimeAxis:
    """Return the axis of the curves' time: epochs, steps with what an epoch is, or hours, minutes or seconds.

    >>> import glideslope as gs
    >>> time_axis({"a": gs.trace(gs.Constant(), gs.Run(epochs=2, steps_per_epoch=5004))}).label
    'step (an epoch is 5 004 steps)'
    >>> time_axis({"a": gs.trace(gs.Constant(), gs.Run(wall="6h"))})
    TimeAxis(label='time (hours)', scale=3600)
    """
    runs = [trace.run for trace in curves.values()]
    units = {run.unit for run in runs}
    if units == {"second"}:
        longest = max(run.total_steps for run in runs)
        unit = next((unit for unit in ("h", "min") if longest >= 2 * SECONDS[unit]), "s")
        return TimeAxis(f"time ({UNITS[unit]})", SECONDS[unit])
    if units == {"epoch"}:
        return TimeAxis("epoch")
    lengths = {run.advances_per_epoch for run in runs}
    length = lengths.pop() if len(lengths) == 1 else None
    return TimeAxis(f"step (an epoch is {count(length)} steps)" if length and units == {"step"} else "step")


def hidden_by_log(trace: Trace, floor: float) -> str:
    """Return what a log axis that ends at ``floor`` cannot show of a curve, in words; nothing when it shows it all.

    >>> import glideslope as gs
    >>> hidden_by_log(gs.trace(gs.LinearDecay(5), gs.Run(steps=9)), floor=0.1)
    '0 from step 5 on, not on a log axis'
    """
    rates = lr_of(trace)
    zero = rates <= 0
    if zero.all():
        return "always 0, not on a log axis"
    said = []
    if zero.any():
        first, onwards = int(zero.argmax()), zero[zero.argmax() :].all() and zero.sum() > 1
        where = moment(trace.run, int(trace.steps[first]))
        said.append(f"0 {'from' if onwards else 'at'} {where}{' on' if onwards else ''}, not on a log axis")
    least = float(rates[~zero].min())
    if least < 0.99 * floor:
        said.append(f"down to {number(least, 3)}, below this axis")
    return "; ".join(said)


def legend_of(curves: Mapping[str, Trace], log: bool, width: int) -> list[list[str]]:
    """Return the lines of the legend of each curve: its label, and below it what a log axis hides of the curve.

    Raises :class:`ScheduleError` without a curve, and with ``log`` when every rate is 0.
    """
    if not curves:
        raise ScheduleError("a figure must be given at least one curve, got none.")
    floor = log_floor(curves.values()) if log else 0.0
    notes = [hidden_by_log(trace, floor) if log else "" for trace in curves.values()]
    return [wrapped(label, width) + [f"({note})"] * bool(note) for label, note in zip(curves, notes, strict=True)]


def linear_range(top: float) -> tuple[float, float]:
    """Return a linear axis for rates up to ``top``: from a little below 0, so that a line at 0 is seen whole."""
    return (-0.02 * top, 1.05 * top) if 0 < top < 1e300 else (-0.02, max(1.0, top))


def draw_lr(ax: Axes, curves: Mapping[str, Trace], log: bool = False) -> Axes:
    """Draw one line for each curve on ``ax`` and return it; curves differ in colour and in dash.

    Jumps are upright edges, slopes are slopes. The legend lies below the axes, so that it covers no curve. With ``log``
    the rate has a log axis, and the legend says which curve reaches 0 and is cut off there. Raises
    :class:`ScheduleError` without a curve, and with ``log`` when every rate is 0.
    """
    import numpy as np
    from matplotlib.ticker import MaxNLocator
    from matplotlib.transforms import ScaledTranslation

    labels = [_plain_text("\n".join(lines)) for lines in legend_of(curves, log, 84)]
    axis = time_axis(curves)
    lines = []
    for place, trace in enumerate(curves.values()):
        x, y, _ = path(trace)
        (line,) = ax.plot(
            x / axis.scale,
            np.where(y > 0, y, np.nan) if log else y,
            color=COLOURS[place % len(COLOURS)],
            linestyle=DASHES[place % len(DASHES)],
            linewidth=1.8,
            marker="o" if len(x) == 1 else "",
        )
        lines.append(line)
    last = max(int(trace.steps[-1]) for trace in curves.values())
    ax.set_xlabel(axis.label)
    ax.set_ylabel("learning rate")
    bins = min(9, 70 // (len(count(last)) + 3))
    whole, round_ = MaxNLocator(bins, integer=True), MaxNLocator(bins, steps=[1, 2, 5, 10])
    ax.xaxis.set_major_locator(whole if axis.scale == 1 else round_)
    ax.xaxis.set_major_formatter(lambda place, _: axis.tick(place))
    if log:
        ax.set_yscale("log")
        ax.set_ylim(log_floor(curves.values()) / 1.5, None)
    else:
        top = max(float(lr_of(trace).max()) for trace in curves.values())
        ax.set_ylim(*linear_range(top))
    ax.grid(alpha=0.3)
    below = ax.transAxes + ScaledTranslation(0, -0.6, ax.figure.dpi_scale_trans)  # inches: under the axis' own label
    columns = 1 if max(map(len, labels)) > 24 else min(3, len(labels))
    ax.legend(
        lines, labels, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below, borderaxespad=0,
        frameon=False, fontsize=9, ncols=columns, handlelength=4,
    )  # fmt: skip
    return ax


def _plain_text(label: str) -> str:
    """Keep matplotlib from reading a user's ``$`` as mathematics and from dropping a label that starts with ``_``."""
    label = label.replace("$", r"\$")
    return f" {label}" if label.startswith("_") else label


def lr_figure(curves: Mapping[str, Trace], log: bool = False) -> Figure:
    """Return a figure of learning-rate curves; it belongs to no pyplot window and no global style.

    >>> import glideslope as gs
    >>> figure = lr_figure({"cosine": gs.trace(gs.CosineDecay(90), gs.Run(epochs=90), base_lr=0.1)})
    >>> figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()
    ('epoch', 'learning rate')
    """
    needs("matplotlib", "plot", "a picture")
    from matplotlib.figure import Figure

    rows = sum(map(len, legend_of(curves, log, 84)))
    figure = Figure(figsize=(8, 4.2 + 0.2 * rows), dpi=150, layout="constrained")
    draw_lr(figure.add_subplot(), curves, log)
    return figure


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG or SVG, by the suffix of ``path``; the file is there whole or not at all.

    Raises :class:`ScheduleError` for another suffix and for a path that cannot be written.
    """
    from io import BytesIO

    kind = Path(path).suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise ScheduleError.about("a figure's file", "end in .png or .svg", str(path))
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, metadata={"Date": None} if kind == "svg" else None)
    write_file(path, buffer.getvalue())
