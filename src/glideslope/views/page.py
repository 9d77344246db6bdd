"""Interactive pages: learning-rate curves drawn by plotly, in one HTML file that works offline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from ..trace import Trace
from .describe import summary
from .figures import COLOURS, css_dash, legend_of, linear_range, time_axis, wrapped
from .files import needs
from .outline import log_floor, lr_of, moment, number, path

if TYPE_CHECKING:
    from plotly.graph_objects import Figure, Scatter

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 70rem; margin: 0 auto;
       padding: 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.scroll { overflow-x: auto; } .plotly-graph-div { width: 100%; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid #ddd; vertical-align: top; }
th { border-bottom: 2px solid #888; } th, td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: break-word; min-width: 12rem; }
code, pre { font-size: .9em; overflow-wrap: anywhere; white-space: pre-wrap; }
"""


def lr_lines(curves: Mapping[str, Trace]) -> list[Scatter]:
    """Return one plotly line for each curve, with the colour and dash that it has in every other figure.

    >>> import glideslope as gs
    >>> [line.name for line in lr_lines({"a": gs.trace(gs.Constant(), gs.Run(epochs=3))})]
    ['a']
    """
    needs("plotly", "report", "a page")
    import plotly.graph_objects as go

    axis = time_axis(curves)
    lines = []
    for place, (label, trace) in enumerate(curves.items()):
        x, y, before = path(trace)
        when = [moment(trace.run, round(each)) for each in x.tolist()]
        name = _text(wrapped(label, 60))
        lines.append(
            go.Scatter(
                x=(x / axis.scale).tolist(),
                y=y.tolist(),
                name=name,
                text=[f"until {each}" if old else each for each, old in zip(when, before.tolist(), strict=True)],
                mode="lines+markers" if len(x) == 1 else "lines",
                line={"color": COLOURS[place % len(COLOURS)], "dash": css_dash(place), "width": 2},
                hovertemplate=f"%{{text}}: %{{y:.6~g}}<extra>{name}</extra>",
            )
        )
    return lines


def _text(lines: Sequence[str]) -> str:
    """Escaped twice over: plotly reads a few HTML tags in its texts, and ``%{`` in hover texts."""
    return "<br>".join(escape(line).replace("%{", "%&#123;") for line in lines)


def lr_chart(curves: Mapping[str, Trace], log: bool = False) -> Figure:
    """Return learning-rate curves as a plotly figure, with units on its axes and the legend below.

    Raises :class:`ScheduleError` without a curve, and with ``log`` when every rate is 0.
    """
    needs("plotly", "report", "a page")
    import plotly.graph_objects as go

    legend = legend_of(curves, log, 60)
    rows = sum(map(len, legend))
    lines = lr_lines(curves)
    for line, label in zip(lines, legend, strict=True):
        line.name = _text(label)
    return go.Figure(
        lines,
        {
            "template": "plotly_white",
            "height": 460 + 20 * rows,
            "margin": {"l": 70, "r": 20, "t": 20, "b": 60},
            "hovermode": "closest",
            "showlegend": True,
            "legend": {"orientation": "h", "yanchor": "top", "y": -0.2, "x": 0},
            "xaxis": {"title": {"text": time_axis(curves).label}},
            "yaxis": {
                "title": {"text": "learning rate"},
                **_scale(curves, log),
                "exponentformat": "power",
            },
        },
    )


def _scale(curves: Mapping[str, Trace], log: bool) -> dict[str, object]:
    top = max(float(lr_of(trace).max()) for trace in curves.values())
    if not log:
        return {"range": linear_range(top)}
    return {"type": "log", "range": [math.log10(log_floor(curves.values())) - 0.1, math.log10(top) + 0.1]}


def page(title: str, sections: Sequence[tuple[str, Figure | str]]) -> str:
    """Return one self-contained HTML page: a heading and a plotly figure, or HTML, for each section.

    plotly.js is inside, once, so that the page works without a network. Title and headings are escaped here; a section
    given as HTML is taken as it is, so what a user wrote must be escaped by whoever made it.

    >>> "<h2>a &lt; b</h2>" in page("Title", [("a < b", "<p>text</p>")])
    True
    """
    needs("plotly", "report", "a page")
    from plotly.offline import get_plotlyjs

    body = []
    for heading, content in sections:
        inner = content if isinstance(content, str) else _figure_html(content)
        body.append(f"<section>\n<h2>{escape(heading)}</h2>\n{inner}\n</section>")
    has_figure = any(not isinstance(content, str) for _, content in sections)
    script = f"<script>{get_plotlyjs()}</script>" if has_figure else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n{script}\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _figure_html(figure: Figure) -> str:
    config = {"responsive": True, "displaylogo": False, "showSendToCloud": False}  # no button that uploads the chart
    return str(figure.to_html(full_html=False, include_plotlyjs=False, config=config))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table; every cell is escaped."""

    def line(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return f'<div class="scroll"><table>{line("th", head)}{"".join(line("td", row) for row in rows)}</table></div>'


def lr_page(curves: Mapping[str, Trace], log: bool = False) -> str:
    """Return a page of learning-rate curves: the chart, and a table of what each comes to.

    >>> import glideslope as gs
    >>> html = lr_page({"cosine": gs.trace(gs.CosineDecay(90), gs.Run(epochs=90), base_lr=0.1)})
    >>> html.count("<!DOCTYPE html>"), "cosine" in html
    (1, True)
    """
    head = ["schedule", "start", "middle", "end", "peak", "at", "run under 1 % of peak"]
    rows = []
    for label, trace in curves.items():
        s = summary(trace)
        rates = [number(rate) for rate in (s.start, s.middle, s.end, s.peak)]
        rows.append([label, *rates, moment(trace.run, s.peak_step), f"{100 * s.share_small:.1f} %"])
    sections: list[tuple[str, Figure | str]] = [("Learning rate", lr_chart(curves, log))]
    sections.append(("In numbers", table(head, rows)))
    return page("Learning-rate schedules", sections)
