"""A comparison as a page: one HTML file that works offline, and the picture beside it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..trace import Trace
from .compare_curves import Band, finals, lr_path, metric_of, needs_log, train_loss
from .compare_figure import bands, compare_figure
from .compare_table import note, rows
from .compare_words import metric_name, words
from .figures import COLOURS, css_dash, save
from .files import needs, write_file
from .outline import count
from .page import page, table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SYMBOLS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "pentagon", "star")


def write_report(found: Mapping[str, Any], traces: Mapping[str, Trace], folder: Path) -> None:
    """Write report.html and report.png into ``folder``."""
    write_file(folder / "report.html", compare_page(found, traces))
    save(compare_figure(found, traces), folder / "report.png")


def compare_page(found: Mapping[str, Any], traces: Mapping[str, Trace]) -> str:
    """Return the page: words and table, figures, what went wrong, and how all of it was made."""
    needs("plotly", "report", "a page")
    epochs = found["plan"]["epochs"]
    said = "".join(f"<p>{escape(each)}</p>" for each in words(found))
    sections: list[tuple[str, Figure | str]] = [
        ("What the schedule changed", said + table(*rows(found)) + f"<p>{escape(note(found))}</p>")
    ]
    failed = _failed(found)
    if failed:
        sections.append(("What failed", failed))
    if traces:
        sections.append(("Learning rate", _rates(traces, epochs)))
    if any(finals(found).values()):
        seeds = "line: mean of the seeds, band: from the least to the greatest"
        sections.append((f"Training loss ({seeds})", _bands(bands(found, train_loss), "training loss", epochs)))
        name = metric_name(found)
        sections.append((f"{name} after each epoch ({seeds})", _bands(bands(found, metric_of(found)), name, epochs)))
        sections.append((f"Final {name}, every seed (bar: mean)", _finals(found)))
    sections.append(("How it was made", _made(found)))
    return page("glideslope compare: " + ", ".join(each["name"] for each in found["schedules"]), sections)


def _layout(x: str, y: str, **more: Any) -> dict[str, Any]:
    return {
        "template": "plotly_white",
        "height": 420,
        "margin": {"l": 70, "r": 20, "t": 20, "b": 60},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        "showlegend": True,
        "xaxis": {"title": {"text": x}},
        "yaxis": {"title": {"text": escape(y)}},
        **more,
    }


def _line(place: int) -> dict[str, Any]:
    return {"color": COLOURS[place % len(COLOURS)], "dash": css_dash(place), "width": 2}


def _rates(traces: Mapping[str, Trace], epochs: int) -> Figure:
    import plotly.graph_objects as go

    lines = []
    for place, (name, trace) in enumerate(traces.items()):
        x, y = lr_path(trace)
        text = f"{name}, epoch %{{x:.4g}}: %{{y:.6g}}<extra></extra>"
        lines.append(go.Scatter(x=x, y=y, name=name, mode="lines", line=_line(place), hovertemplate=text))
    kind = {"type": "log"} if needs_log(traces) else {"rangemode": "tozero"}
    layout = _layout("epoch", "learning rate")
    layout["yaxis"] |= kind | {"exponentformat": "power"}
    layout["xaxis"] |= {"range": [0, epochs]}
    return go.Figure(lines, layout)


def _bands(curves: Mapping[str, Band], title: str, epochs: int) -> Figure:
    import plotly.graph_objects as go

    lines = []
    for place, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        shared: dict[str, Any] = {"x": curve.epochs, "legendgroup": name}
        edge: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
        lines += [
            go.Scatter(y=curve.low, **shared, **edge),
            go.Scatter(y=curve.high, fill="tonexty", fillcolor=f"rgba({red},{green},{blue},0.15)", **shared, **edge),
            go.Scatter(
                y=curve.mean, name=name, mode="lines+markers", line=_line(place),
                marker={"symbol": SYMBOLS[place % len(SYMBOLS)], "size": 6},
                hovertemplate=f"{name}, epoch %{{x}}: %{{y:.5g}}<extra></extra>", **shared,
            ),
        ]  # fmt: skip
    layout = _layout("epoch", title)
    layout["xaxis"] |= {"range": [0, epochs + 0.2]}
    return go.Figure(lines, layout)


def _finals(found: Mapping[str, Any]) -> Figure:
    import plotly.graph_objects as go

    ended = finals(found)
    names = list(ended)
    seeds = sorted({seed for values in ended.values() for seed in values})
    lines = []
    for seed in seeds:
        x = [name for name in names if seed in ended[name]]
        pale = {"color": "#cccccc", "width": 1}
        y = [ended[name][seed] for name in x]
        lines.append(go.Scatter(x=x, y=y, mode="lines", line=pale, showlegend=False, hoverinfo="skip"))
    for place, (name, values) in enumerate(ended.items()):
        mean = sum(values.values()) / len(values) if values else None
        colour = COLOURS[place % len(COLOURS)]
        symbol = SYMBOLS[place % len(SYMBOLS)]
        lines.append(
            go.Scatter(
                x=[name] * len(values), y=list(values.values()), name=name, mode="markers",
                text=[f"seed {seed}" for seed in values], marker={"color": colour, "size": 10, "symbol": symbol},
                hovertemplate=f"{name}, %{{text}}: %{{y:.6g}}<extra></extra>",
            )
        )  # fmt: skip
        bar = {"symbol": "line-ew", "size": 44, "line": {"color": colour, "width": 3}}
        text = f"{name}, mean: %{{y:.6g}}<extra></extra>"
        lines.append(go.Scatter(x=[name], y=[mean], mode="markers", marker=bar, showlegend=False, hovertemplate=text))
    layout = _layout("schedule", f"final {metric_name(found)}")
    layout["xaxis"] |= {"type": "category", "categoryarray": names, "categoryorder": "array"}
    return go.Figure(lines, layout)


def _failed(found: Mapping[str, Any]) -> str:
    parts = []
    for cell in found["cells"]:
        if cell["status"] == "failed":
            title = escape(f"{cell['name']}, seed {cell['seed']}, after {cell['epochs']} epochs")
            parts.append(f"<h3>{title}</h3><pre>{escape(cell['traceback'])}</pre>")
    return "".join(parts)


def _made(found: Mapping[str, Any]) -> str:
    about, plan = found["about"], found["plan"]
    machine, steps = about["machine"], found["steps_per_epoch"]
    kept = {key: value for key, value in plan.items() if key not in ("schedules", "optimizers")}
    facts = {
        "command": about["command"],
        **{f"schedule {each['name']}": each["schedule"] for each in found["schedules"]},
        **{f"optimizer of {each['name']}": each["optimizer"] for each in found["schedules"]},
        **{key: "none" if value is None else value for key, value in kept.items()},
        "model": f"{count(found['parameters'])} parameters",
        "an epoch": "unknown" if steps is None else f"{count(steps)} steps",
        "versions": ", ".join(f"{name} {version}" for name, version in about["versions"].items()),
        "machine": f"{machine['processor']}, {machine['cores']} cores, {machine['system']}",
        "started": about["started"],
        "ended": about["ended"],
        "training time": f"{sum(about['training_seconds'].values()):.0f} s over all cells",
    }
    lines = "".join(
        f'<tr><td>{escape(key)}</td><td style="text-align: left"><code>{escape(str(value))}</code></td></tr>'
        for key, value in facts.items()
    )
    return f"<table>{lines}</table>"
