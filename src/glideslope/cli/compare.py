"""``glideslope compare``: what a schedule changes in real training."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .._check import ScheduleError, Whole, check_value

if TYPE_CHECKING:
    from ..lab.plan import Plan
    from ..lab.task import Source

BATCH_SIZE = 128


def compare(
    entries: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=SPEC...",
            help="Schedules, such as \"step=StepDecay('5ep')\" or 'own=Constant() @ AdamW(lr=0.001)'; the others are "
            "compared with the first.",
        ),
    ],
    seeds: Annotated[int, typer.Option(help="Trainings of each schedule: seeds 0, 1, ...")] = 3,
    epochs: Annotated[int, typer.Option(help="Epochs of each training.")] = 15,
    out: Annotated[Path, typer.Option(help="Directory for results, report and checkpoints.")] = Path("runs/compare"),
    data: Annotated[
        str | None, typer.Option(metavar="NAME|DIR", help="fashion (the default), digits, or a folder of IDX files.")
    ] = None,
    task: Annotated[str | None, typer.Option(metavar="FILE.py:FUNCTION", help="Your own training instead.")] = None,
    optimizer: Annotated[
        str | None, typer.Option(help="Any class of torch.optim, such as 'SGD(lr=0.1, momentum=0.9)'.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Images in a batch. [default: 128]", show_default=False)
    ] = None,
    per: Annotated[str, typer.Option(help="What the schedule moves on after: step or epoch.")] = "step",
    early_stop: Annotated[str | None, typer.Option(metavar="patience=N", help="Also: patience=N,min_delta=X.")] = None,
    engine: Annotated[str, typer.Option(help="Who trains: processes (of this machine) or ray.")] = "processes",
    ray_address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="A Ray cluster; without, one is started here.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(help="Trainings at a time.  [default: one for each core]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print results.json and nothing else.")] = False,
) -> int:
    """Train one model under several schedules, several seeds each, and say what the schedule changed.

    Stopped in any way, the same command goes on where it was. Exit code 1 when a training failed.
    """
    from ..lab.compare import compare as run
    from ..lab.engine import WorkerDiedError

    plan = _plan(entries, seeds, epochs, data, task, optimizer, batch_size, per, early_stop)
    command = " ".join(["glideslope", *map(_quoted, sys.argv[1:])])
    try:
        found = run(plan, out, engine=engine, jobs=jobs, ray_address=ray_address, command=command)
    except KeyboardInterrupt:
        return _stopped(plan, out, "Stopped", 130)
    except WorkerDiedError as died:
        return _stopped(plan, out, f"Stopped, because {died}", 1)
    _show(found, out, as_json)
    return 1 if any(each["failed"] for each in found["schedules"]) else 0


def _plan(
    entries: list[str],
    seeds: int,
    epochs: int,
    data: str | None,
    task: str | None,
    optimizer: str | None,
    batch_size: int | None,
    per: str,
    early_stop: str | None,
) -> Plan:
    from ..lab.early_stop import EarlyStop
    from ..lab.plan import Entry, Plan

    return Plan(
        entries=tuple(Entry.parse(entry) for entry in entries),
        source=_source(data, task, batch_size),
        seeds=seeds,
        epochs=epochs,
        per=per,
        optimizer=optimizer,
        early_stop=None if early_stop is None else EarlyStop.parse(early_stop),
    )


def _source(data: str | None, task: str | None, batch_size: int | None) -> Source:
    from ..lab.task import TaskFile
    from ..lab.vision import ImageSource

    if task is None:
        size = BATCH_SIZE if batch_size is None else batch_size
        return ImageSource("fashion" if data is None else data, check_value("compare", "--batch-size", Whole(), size))
    for name, value in (("--data", data), ("--batch-size", batch_size)):
        if value is not None:
            raise ScheduleError(f"compare: `{name}` must come without `--task`, which has its own data; got both.")
    return TaskFile.parse(task)


def _quoted(argument: str) -> str:
    """Quote an argument for a shell; in double quotes when it has single ones, as one would type it."""
    typed = "'" in argument and not any(sign in argument for sign in '"$`\\!')
    return f'"{argument}"' if typed else shlex.quote(argument)


def _stopped(plan: Plan, out: Path, why: str, code: int) -> int:
    cells = plan.cells()
    ended = sum((out / "cells" / f"{cell.key}.json").exists() for cell in cells)
    print(
        f"{why}. {ended} of {len(cells)} trainings have ended, and the others keep their last epoch in {out}.\n"
        "Run the same command to go on.",
        file=sys.stderr,
    )
    return code


def _show(found: dict[str, Any], out: Path, as_json: bool) -> None:
    from ..lab.store import dump
    from ..views.compare_table import compare_text
    from ..views.terminal import Screen

    if as_json:
        print(dump(found), end="")
        return
    print(compare_text(found, Screen.of(sys.stdout)), end="")
    print("\nReport: " + ", ".join(str(out / name) for name in ("report.html", "report.png", "results.json")))
