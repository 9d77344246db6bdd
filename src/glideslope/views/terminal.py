"""Curves and tables as text: 80 columns, with or without colour, with or without Unicode."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TextIO

from ..clock import Run
from ..trace import Trace
from .describe import Segment, segments, summary
from .figures import TimeAxis, legend_of, time_axis
from .files import needs
from .outline import count, log_floor, lr_of, moment, number, path, reading

if TYPE_CHECKING:
    from rich.console import RenderableType

MARKS = "•xo+*#@%abcdefghijklmnpqrstuvwyz"
"""One sign for each curve when there are several, so that they differ without colour."""
COLOURS = (33, 166, 36, 175, 246, 214, 74)
"""The colours of the figures, as near as the 256 of a terminal come; grey for the black."""
ROWS = 12
"""Rows of a table before its middle is left out."""
PLAIN = str.maketrans(
    {"┌": "+", "┐": "+", "└": "+", "┘": "+", "┤": "+", "┬": "+", "─": "-", "│": "|", "•": ".", "–": "-"}
)


@dataclass(frozen=True)
class Screen:
    """Where text goes: how wide it is, and whether it shows colour and Unicode.

    >>> Screen.of(io.StringIO())
    Screen(width=80, colour=False, unicode=True)
    """

    width: int = 80
    colour: bool = False
    unicode: bool = True

    @classmethod
    def of(cls, stream: TextIO) -> Screen:
        """Look at a stream: a terminal has colour unless NO_COLOR is set; nothing is wider than 100 columns."""
        needs("rich", "cli", "a table")
        from rich.console import Console

        console = Console(file=stream)
        colour = console.is_terminal and not console.no_color and console.color_system is not None
        encoding = getattr(stream, "encoding", None) or "utf-8"
        try:
            MARKS.encode(encoding)
            "⣿─".encode(encoding)
            unicode = True
        except (UnicodeEncodeError, LookupError):
            unicode = False
        return cls(min(max(console.width, 40), 100) if console.is_terminal else 80, colour, unicode)

    def text(self, *parts: RenderableType) -> str:
        """Render with rich what is to be seen one below the other."""
        from rich.console import Console

        buffer = io.StringIO()
        console = Console(
            file=buffer, width=self.width, force_terminal=self.colour, no_color=not self.colour, legacy_windows=False,
            color_system="256" if self.colour else None, highlight=False, emoji=False, markup=False,
        )  # fmt: skip
        for part in parts:
            console.print(part, overflow="fold", soft_wrap=False)
        lines = [line.rstrip() for line in buffer.getvalue().split("\n")]
        return self.plain("\n".join(lines))

    def plain(self, text: str) -> str:
        """Replace what the screen cannot show."""
        return text if self.unicode else text.translate(PLAIN)


def mark_of(place: int) -> str:
    """Return the sign of a curve among several."""
    return MARKS[place % len(MARKS)]


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most ``most`` + 1 round numbers between two others, evenly spaced; ``most`` is 3 or more.

    >>> ticks(0, 89, 6)
    [0.0, 20.0, 40.0, 60.0, 80.0]
    """
    if not high - low > 1e-300:
        return [low]
    unit = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(unit * k for k in (1, 2, 5, 10) if (high - low) / (unit * k) <= most)
    return [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def plot(curves: Mapping[str, Trace], screen: Screen, log: bool = False, height: int = 18) -> str:
    """Draw curves as text: one alone in braille dots, several each with its own sign.

    With ``log`` the rate has a log axis, on which 0 cannot be shown. Raises :class:`ScheduleError` without a curve,
    and with ``log`` when every rate is 0.
    """
    legend_of(curves, log, 80)  # refuses what cannot be drawn
    needs("plotext", "cli", "the curve in a terminal")
    import plotext

    figure = plotext.figure
    plotext.terminal.limit(False, False)
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(screen.width, height)
    axis = time_axis(curves)
    alone = len(curves) == 1 and screen.unicode
    for place, x, y in _lines(curves, axis, log):
        mark = "braille" if alone else screen.plain(mark_of(place))
        pen = plotext.marker(mark, COLOURS[place % len(COLOURS)])
        figure.draw(figure.signal(x, y, marker=pen).lines().density("full"))
    _rulers(figure, list(curves.values()), axis, screen, log)
    figure.label(axis.label, "x")
    title = "learning rate, log axis" if log else "learning rate"
    body = figure.build().string(colorless=not screen.colour)
    figure.clear()  # plotext has one figure for the whole process: leave it as it was found
    return screen.plain(f"{title}\n" + "\n".join(line.rstrip() for line in body.split("\n")).rstrip("\n") + "\n")


def _lines(curves: Mapping[str, Trace], axis: TimeAxis, log: bool) -> list[tuple[int, list[float], list[float]]]:
    """The lines to draw, each with its place: the one that moves most first, so that it does not bury the others."""
    import numpy as np

    lines, ink = [], []
    for place, trace in enumerate(curves.values()):
        x, y, _ = path(trace)
        if log:
            x, y = x[y > 0], np.log10(y[y > 0])  # logarithms here, so that the ticks are decades
        lines.append((place, (x / axis.scale).tolist(), y.tolist()))
        ink.append(float(np.abs(np.diff(y)).sum()))
    return sorted(lines, key=lambda line: (-ink[line[0]], -line[0]))


def _rulers(figure: Any, traces: Sequence[Trace], axis: TimeAxis, screen: Screen, log: bool) -> None:
    """Round numbers on both axes; the rate starts at 0 unless its axis is logarithmic."""
    last = max(int(trace.steps[-1]) for trace in traces) / axis.scale
    most = max(3, screen.width // (len(axis.tick(last)) + 5))
    figure.ruler("x").lim(0, max(last, 1))
    marks = ticks(0, last, min(most, 8))
    figure.ruler("x").ticks(marks, [axis.tick(each) for each in marks])
    top = max(float(lr_of(trace).max()) for trace in traces)
    if not log:
        heights = ticks(0, top or 1.0, 5)
        figure.ruler("y").lim(0, top or 1.0)
        figure.ruler("y").ticks(heights, [number(each) for each in heights])
        return
    low, high = math.log10(log_floor(traces)), math.log10(top)
    if high - low < 0.1:
        low, high = low - 0.5, high + 0.5
    step = max(1, math.ceil((high - low) / 6))
    decades: list[float] = [*range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1, step)] or [low, high]
    figure.ruler("y").lim(low, high)
    figure.ruler("y").ticks(decades, [number(10.0**each) for each in decades])


def legend(curves: Mapping[str, Trace], screen: Screen, log: bool = False) -> str:
    """Return one line, or a few, for each curve: its sign and its label, and what a log axis hides of it."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    for place, lines in enumerate(legend_of(curves, log, screen.width - 2)):
        mark = Text(mark_of(place), style=f"color({COLOURS[place % len(COLOURS)]})")
        grid.add_row(*[mark] * (len(curves) > 1), Text("\n".join(lines)))
    return screen.text(grid)


def summary_table(curves: Mapping[str, Trace], screen: Screen) -> str:
    """Return a table of what each curve comes to, one row each."""
    several = len(curves) > 1
    columns = ["start", "middle", "end", "peak", "of the run under\n1 % of the peak", "last change"]
    grid = _table([""] * several + columns, screen)
    for place, trace in enumerate(curves.values()):
        s = summary(trace)
        rates = [number(rate, 4) for rate in (s.start, s.middle, s.end, s.peak)]
        share = f"{100 * s.share_small:.1f} %"
        grid.add_row(*[mark_of(place)] * several, *rates, share, last_change(trace))
    return _wide(screen).text(grid)


def last_change(trace: Trace) -> str:
    """Return the horizon of a schedule in words.

    >>> import glideslope as gs
    >>> last_change(gs.trace(gs.MultiStepDecay([30, 60]), gs.Run(epochs=90)))
    'epoch 60'
    """
    horizon = trace.schedule.horizon
    if horizon is None:
        return "none: goes on"
    return moment(trace.run, horizon) if horizon else "none: constant"


def segments_table(trace: Trace, screen: Screen, rows: int = ROWS) -> str:
    """Return a table of what a curve does when; the middle of a long one is left out, and the table says so."""
    run, length = trace.run, trace.run.advances_per_epoch
    unit = "h:mm:ss" if run.unit == "second" else run.unit
    with_epochs = unit == "step" and length is not None
    table = _table([f"from {unit}", f"to {unit}", *["from epoch"] * with_epochs, "lr", "to lr", ""], screen, left=1)
    found = segments(trace)
    out = len(found) - rows if len(found) > rows + 1 else 0
    head = found if not out else found[: rows // 2]
    for each in head:
        table.add_row(*_cells(run, each, length if with_epochs else None))
    if out:
        table.add_row(*["..."] * (4 + with_epochs), f"{count(out)} rows left out")
        for each in found[-(rows - rows // 2) :]:
            table.add_row(*_cells(run, each, length if with_epochs else None))
    return _wide(screen).text(table)


def _cells(run: Run, row: Segment, length: int | None) -> list[str]:
    epoch = [] if length is None else [f"{row.first / length:.4g}"]
    end = "" if row.kind == "held" else number(row.lr_last)
    return [reading(run, row.first), reading(run, row.last), *epoch, number(row.lr_first), end, row.kind]


def _wide(screen: Screen) -> Screen:
    """A table has 80 columns: in a narrower terminal a line that runs over reads better than folded cells."""
    return replace(screen, width=max(screen.width, 80))


def _table(head: Sequence[str], screen: Screen, left: int = 0) -> Any:
    """A rich table of numbers: columns to the right, the last ``left`` to the left."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD if screen.unicode else box.ASCII2, pad_edge=False, show_edge=False)
    for place, name in enumerate(head):
        table.add_column(name, justify="left" if place >= len(head) - left else "right", overflow="fold")
    return table
