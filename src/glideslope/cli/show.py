"""``glideslope show``: what a schedule does, before anything is trained."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .._check import Number, ScheduleError, check_value
from ..clock import Run
from ..schedule import Schedule
from ..spec import parse
from ._run import (
    Accumulate,
    Epochs,
    Per,
    Processes,
    SamplesPerStep,
    Steps,
    StepsPerEpoch,
    TokensPerStep,
    Wall,
    read_run,
)

if TYPE_CHECKING:
    from ..trace import Difference, Trace


SLOW = 5_000_000
"""Steps to look at before a bar shows how far it is: more take over two seconds."""
_NAMED = re.compile(r"\s*([^=()\[\]{}'\"]*?)\s*=(?!=)(.*)", re.DOTALL)


def show(
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC...", help="Schedules, such as 'StepDecay(30)' or 'name=StepDecay(30)'."),
    ],
    lr: Annotated[float, typer.Option("--lr", help="Base learning rate.")] = 1.0,
    epochs: Epochs = None,
    steps_per_epoch: StepsPerEpoch = None,
    steps: Steps = None,
    wall: Wall = None,
    per: Per = "step",
    accumulate: Accumulate = 1,
    processes: Processes = 1,
    samples_per_step: SamplesPerStep = None,
    tokens_per_step: TokensPerStep = None,
    log: Annotated[bool, typer.Option("--log", help="Logarithmic axis for the learning rate.")] = False,
    png: Annotated[str | None, typer.Option(metavar="FILE", help="Also draw a PNG.")] = None,
    svg: Annotated[str | None, typer.Option(metavar="FILE", help="Also draw an SVG.")] = None,
    html: Annotated[str | None, typer.Option(metavar="FILE", help="Also write an interactive page.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print only CSV: every step.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print only JSON; a long trace is thinned.")] = False,
) -> None:
    """Show what schedules do: the curve, the steps at which it changes, and what it comes to.

    Without --epochs, --steps and --wall the run ends a tenth past the last change.
    """
    if as_csv and as_json:
        raise ScheduleError("show: `--csv` and `--json` both print on stdout; must have one of the two, got both.")
    base_lr = check_value("show", "--lr", Number(ge=0), lr)
    files = {"--png": png, "--svg": svg, "--html": html}
    _check_files(files)
    named = _schedules(specs)
    numbers = {
        "epochs": epochs, "steps_per_epoch": steps_per_epoch, "steps": steps, "accumulate": accumulate,
        "processes": processes, "samples_per_step": samples_per_step, "tokens_per_step": tokens_per_step,
    }  # fmt: skip
    run, note = _run(numbers, per, wall, named)
    labels = {name: _label(name, schedule) for name, schedule in named.items()}
    curves = {} if as_csv and not any(files.values()) else _curves(named, run, base_lr)
    _write_files(files, {labels[name]: trace for name, trace in curves.items()}, log)
    if as_csv:
        _print_csv(named, run, base_lr)
    elif as_json:
        _print_json(named, curves, base_lr)
    else:
        _print_text(named, labels, curves, base_lr, log, note)


def _check_files(files: Mapping[str, str | None]) -> None:
    """Refuse a wrong suffix and a missing library before anything is computed."""
    from ..views.files import needs

    for option, path in files.items():
        suffix = option.replace("--", ".")
        if path is not None and Path(path).suffix.lower() != suffix:
            raise ScheduleError.about(f"show: `{option}`", f"name a file that ends in {suffix}", path)
    if files["--png"] or files["--svg"]:
        needs("matplotlib", "plot", "show: a picture")
    if files["--html"]:
        needs("plotly", "report", "show: a page")


def _write_files(files: Mapping[str, str | None], curves: Mapping[str, Trace], log: bool) -> None:
    from ..views.figures import lr_figure, save
    from ..views.files import write_file
    from ..views.page import lr_page

    for option, path in files.items():
        if path is None:
            continue
        if option == "--html":
            write_file(path, lr_page(curves, log))
        else:
            save(lr_figure(curves, log), path)
        print(f"glideslope: {path} written", file=sys.stderr)


def _schedules(specs: list[str]) -> dict[str, Schedule]:
    """Read ``SPEC`` and ``name=SPEC``; a schedule without a name is called what it is."""
    named: dict[str, Schedule] = {}
    for text in specs:
        match = _NAMED.fullmatch(text)
        if match is None:
            schedule = parse(text)
            name, number = repr(schedule), 2
            while name in named:
                name, number = f"{schedule!r} ({number})", number + 1
        else:
            name, schedule = match[1], parse(match[2])
            if not name or not name.isprintable():
                raise ScheduleError.about("show: the name before `=`", "be printable text", name)
            if name in named:
                raise ScheduleError.about("show: the names of schedules", "differ from one another", f"{name} twice")
        named[name] = schedule
    return named


def _label(name: str, schedule: Schedule) -> str:
    return name if name.startswith(repr(schedule)) else f"{name}: {schedule!r}"


def _run(
    numbers: Mapping[str, int | None], per: str, wall: str | None, named: Mapping[str, Schedule]
) -> tuple[Run, str]:
    """Return the run that the options describe, and what must be said about it."""
    run = read_run("show", numbers, per, wall)
    if run is None:
        last = max(_last_change(schedule) for schedule in named.values())
        length = max(10, last + 1 + -(-last // 10))
        run = Run(**{**numbers, "steps": length}, per=per)  # type: ignore[arg-type]
        why = f"its last change is at step {last}" if last else "it never changes"
        return run, f"No --epochs, --steps or --wall: shown for {length} steps, as {why}."
    return run, ""


def _last_change(schedule: Schedule) -> int:
    try:
        horizon = schedule.horizon
    except ScheduleError:
        reason = "has durations that are a part of the run"
    else:
        if horizon is not None:
            return horizon
        reason = "goes on changing for ever"
    raise ScheduleError.about(
        "show", "be given `--epochs`, `--steps` or `--wall`", schedule, f"It {reason}, so its length must be said."
    )


def _curves(named: Mapping[str, Schedule], run: Run, base_lr: float) -> dict[str, Trace]:
    """Evaluate every schedule; a bar shows how far it is when that takes long."""
    from ..views.outline import outline

    if run.total_steps * len(named) < SLOW or not sys.stderr.isatty():
        return {name: outline(schedule, run, base_lr) for name, schedule in named.items()}
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("looking at every step", total=run.total_steps * len(named))
        return {
            name: outline(schedule, run, base_lr, lambda done: progress.advance(bar, done))
            for name, schedule in named.items()
        }


def _differences(named: Mapping[str, Schedule], run: Run, base_lr: float) -> list[tuple[str, str, Difference | None]]:
    """Where each schedule first differs from the first one."""
    from ..views.outline import first_difference

    first, *others = named
    return [(first, each, first_difference(named[first], named[each], run, base_lr)) for each in others]


def _print_csv(named: Mapping[str, Schedule], run: Run, base_lr: float) -> None:
    from ..views.machine import to_csv

    for piece in to_csv(named, run, base_lr):
        print(piece, end="")


def _print_json(named: Mapping[str, Schedule], curves: Mapping[str, Trace], base_lr: float) -> None:
    from ..views.machine import to_json

    run = next(iter(curves.values())).run
    differences: list[Any] = [
        {"of": a, "and": b, "step": d and d.step, "lr": d and [d.mine, d.theirs]}
        for a, b, d in _differences(named, run, base_lr)
    ]
    print(to_json(named, curves, base_lr, differences))


def _print_text(
    named: Mapping[str, Schedule],
    labels: Mapping[str, str],
    curves: Mapping[str, Trace],
    base_lr: float,
    log: bool,
    note: str,
) -> None:
    from ..views.terminal import Screen, legend, mark_of, plot, segments_table, summary_table

    screen = Screen.of(sys.stdout)
    labelled = {labels[name]: trace for name, trace in curves.items()}
    run = next(iter(curves.values())).run
    several = len(named) > 1
    parts = [legend(labelled, screen, log), plot(labelled, screen, log)]
    parts += [screen.text(" ".join([_length(run), f"Base learning rate {base_lr:g}.", note]).strip())]
    cut = [_cut_line(place, trace, several) for place, trace in enumerate(labelled.values())]
    parts += [summary_table(labelled, screen) + screen.text(*filter(None, cut))]
    differences = [_difference_line(*each, list(named), run) for each in _differences(named, run, base_lr)]
    parts += [screen.text("\n".join(differences))] if differences else []
    for place, (label, trace) in enumerate(labelled.items()):
        title = screen.text(f"{mark_of(place)} {label}") if several else ""
        parts.append(title + segments_table(trace, screen, 8 if several else 12))
    print("\n".join(parts), end="")


def _length(run: Run) -> str:
    """How long the run is, in words."""
    from ..views.outline import count, reading

    unit, each = run.unit, run.advances_per_epoch
    if unit == "second":
        return f"{reading(run, run.total_steps)} (h:mm:ss) on the wall clock."
    text = f"{count(run.total_steps)} {unit}{'s' * (run.total_steps != 1)}"
    return f"{text}, {run.total_steps / each:g} epochs of {count(each)}." if unit == "step" and each else f"{text}."


def _cut_line(place: int, trace: Trace, several: bool) -> str:
    """Say that the run ends before the schedule does; its very last step may be the one after the run."""
    from ..views.outline import moment
    from ..views.terminal import mark_of

    horizon = trace.schedule.horizon
    if horizon is None or horizon <= trace.run.total_steps:
        return ""
    who = mark_of(place) if several else "The schedule"
    return f"{who} is cut off: its last change would be at {moment(trace.run, horizon)}."


def _difference_line(first: str, other: str, found: Difference | None, names: list[str], run: Run) -> str:
    from ..views.outline import apart, moment
    from ..views.terminal import mark_of

    pair = f"{mark_of(names.index(first))} and {mark_of(names.index(other))}"
    if found is None:
        return f"{pair} are the same curve in this run."
    mine, theirs = apart(found.mine, found.theirs)
    return f"{pair} differ first at {moment(run, found.step)}: {mine} against {theirs}."
