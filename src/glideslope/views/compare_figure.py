"""A comparison as one picture: learning rate, training loss, metric, and where every seed ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..trace import Trace
from .compare_curves import Band, band, finals, lr_path, metric_of, needs_log, train_loss
from .compare_words import metric_name
from .figures import COLOURS, DASHES
from .files import needs
from .outline import log_floor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = "os^Dvp*"


def _style(place: int) -> dict[str, Any]:
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": DASHES[place % len(DASHES)], "linewidth": 1.8}


def compare_figure(found: Mapping[str, Any], traces: Mapping[str, Trace]) -> Figure:
    """Return a figure with four panels over the same epochs; it belongs to no pyplot window and no global style."""
    needs("matplotlib", "plot", "a picture")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 7), dpi=150, layout="constrained")
    axes = figure.subplots(2, 2)
    lines = draw_rates(axes[0, 0], traces)
    draw_bands(axes[0, 1], bands(found, train_loss), "training loss")
    draw_bands(axes[1, 0], bands(found, metric_of(found)), _metric(found))
    draw_finals(axes[1, 1], found)
    for ax in axes.flat[:3]:
        ax.set_xlim(0, max(2, found["plan"]["epochs"]))
        ax.set_xlabel("epoch")
        ax.xaxis.get_major_locator().set_params(integer=True)
    if lines:
        figure.legend(
            lines, list(traces), loc="outside upper center", ncols=min(4, len(lines)),
            frameon=False, handlelength=4,
        )  # fmt: skip
    return figure


def bands(found: Mapping[str, Any], value: Any) -> dict[str, Band]:
    """Return the curve of every schedule, in their order."""
    return {summary["name"]: band(found, summary["name"], value) for summary in found["schedules"]}


def draw_rates(ax: Axes, traces: Mapping[str, Trace]) -> list[Any]:
    """Draw the learning rate of each schedule over the epochs, and return the lines."""
    import numpy as np

    log = needs_log(traces)
    lines = []
    for place, trace in enumerate(traces.values()):
        x, y = lr_path(trace)
        shown = np.where(np.asarray(y) > 0, y, np.nan) if log else np.asarray(y)
        lines += ax.plot(x, shown, **_style(place))
    if log:
        ax.set_yscale("log")
        ax.set_ylim(log_floor(traces.values()) / 1.5, None)
    else:
        ax.set_ylim(0, None)
    ax.set_title("learning rate", loc="left", fontsize=11)
    ax.grid(alpha=0.3)
    return lines


def draw_bands(ax: Axes, curves: Mapping[str, Band], title: str) -> Axes:
    """Draw each schedule's mean over the seeds as a line, and least to greatest as a band."""
    for place, curve in enumerate(curves.values()):
        style = _style(place)
        if curve.epochs:
            marker: dict[str, Any] = {"marker": MARKERS[place % len(MARKERS)], "markersize": 3.5, "clip_on": False}
            ax.plot(curve.epochs, curve.mean, **marker, **style)
            ax.fill_between(curve.epochs, curve.low, curve.high, color=style["color"], alpha=0.15, linewidth=0)
    ax.set_title(f"{title}: mean, band from least to greatest seed", loc="left", fontsize=11)
    ax.grid(alpha=0.3)
    return ax


def draw_finals(ax: Axes, found: Mapping[str, Any]) -> Axes:
    """Draw the final metric of every seed, joined by a thin line from schedule to schedule, and each mean as a bar."""
    ended = finals(found)
    seeds = sorted({seed for values in ended.values() for seed in values})
    for seed in seeds:
        places = [place for place, values in enumerate(ended.values()) if seed in values]
        ax.plot(places, [list(ended.values())[place][seed] for place in places], color="0.8", linewidth=0.8, zorder=1)
    for place, values in enumerate(ended.values()):
        colour = COLOURS[place % len(COLOURS)]
        if values:
            mean = sum(values.values()) / len(values)
            ax.plot([place - 0.25, place + 0.25], [mean, mean], color=colour, linewidth=2.5, zorder=2)
            ax.plot([place] * len(values), list(values.values()), MARKERS[place % len(MARKERS)], color=colour, zorder=3)
        else:
            ax.text(place, 0.5, "no seed\nended", transform=ax.get_xaxis_transform(), ha="center", color=colour)
    ax.set_xticks(range(len(ended)), list(ended), rotation=0 if len(ended) < 6 else 30)
    ax.set_xlim(-0.6, len(ended) - 0.4)
    ax.set_title(f"final {_metric(found)}: every seed, bar = mean", loc="left", fontsize=11)
    ax.grid(alpha=0.3, axis="y")
    return ax


def _metric(found: Mapping[str, Any]) -> str:
    """The metric's name, a ``$`` in it being a dollar and no mathematics."""
    return metric_name(found).replace("$", r"\$")
