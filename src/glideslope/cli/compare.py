"""``glideslope compare``: what a schedule changes in real training."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
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
    seeds: Annotated[str, typer.Option(metavar="N", help="Trainings of each schedule: seeds 0, 1, ...")] = "3",
    epochs: Annotated[str, typer.Option(metavar="N", help="Epochs of each training.")] = "15",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Directory for results, report and checkpoints.")] = Path(
        "runs/compare"
    ),
    data: Annotated[
        str | None, typer.Option(metavar="NAME|DIR", help="fashion (the default), digits, or a folder of IDX files.")
    ] = None,
    task: Annotated[str | None, typer.Option(metavar="FILE.py:FUNCTION", help="Your own training instead.")] = None,
    optimizer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Any class of torch.optim, such as 'SGD(lr=0.1, momentum=0.9)'.")
    ] = None,
    batch_size: Annotated[str | None, typer.Option(metavar="N", help="Images in a batch; 128 when not given.")] = None,
    per: Annotated[str, typer.Option(metavar="step|epoch", help="What the schedule moves on after.")] = "step",
    early_stop: Annotated[str | None, typer.Option(metavar="patience=N", help="Also: patience=N,min_delta=X.")] = None,
    engine: Annotated[
        str, typer.Option(metavar="processes|ray", help="Who trains: this machine or a Ray cluster.")
    ] = "processes",
    ray_address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="A Ray cluster; without, one is started here.")
    ] = None,
    jobs: Annotated[
        str | None, typer.Option(metavar="N", help="Trainings at a time; one for each core when not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print results.json and nothing else.")] = False,
) -> int:
    """Train one model under several schedules, several seeds each, and say what the schedule changed.

    Stopped in any way, the same command goes on where it was. Exit code 1 when a training failed.
    """
    plan = None
    try:
        from ..lab.compare import compare as run
        from ..lab.engine import WorkerDiedError

        plan = _plan(
            entries, _source(data, task, batch_size), _whole("--seeds", seeds), _whole("--epochs", epochs), per,
            optimizer, early_stop,
        )  # fmt: skip
        at_once = None if jobs is None else _whole("--jobs", jobs)
        command = " ".join(["glideslope", *map(_quoted, sys.argv[1:])])
        found = run(plan, out, engine=engine, jobs=at_once, ray_address=ray_address, command=command)
    except KeyboardInterrupt:
        return _stopped(plan, out, "Stopped", 130)
    except WorkerDiedError as died:
        return _stopped(plan, out, f"Stopped, because {died}", 1)
    _show(found, out, as_json)
    return 1 if any(each["failed"] for each in found["schedules"]) else 0


def _whole(option: str, text: str) -> int:
    """Read a whole number >= 1; what is none is refused in the words of every other bad value."""
    number: object = text
    for kind in (float, int):
        with suppress(ValueError):
            number = kind(text)
    return int(check_value("compare", option, Whole(), number))


def _plan(
    entries: list[str],
    source: Source,
    seeds: int,
    epochs: int,
    per: str,
    optimizer: str | None,
    early_stop: str | None,
) -> Plan:
    from ..lab.early_stop import EarlyStop
    from ..lab.plan import Entry, Plan

    rule = None if early_stop is None else EarlyStop.parse(early_stop)
    return Plan(tuple(map(Entry.parse, entries)), source, seeds, epochs, per, optimizer, rule)


def _source(data: str | None, task: str | None, batch_size: str | None) -> Source:
    from ..lab.task import TaskFile
    from ..lab.vision import ImageSource

    if task is None:
        size = BATCH_SIZE if batch_size is None else _whole("--batch-size", batch_size)
        return ImageSource("fashion" if data is None else data, size)
    for name, value in (("--data", data), ("--batch-size", batch_size)):
        if value is not None:
            raise ScheduleError(f"compare: `{name}` must come without `--task`, which has its own data; got both.")
    return TaskFile.parse(task)


def _quoted(argument: str) -> str:
    """Quote an argument for a shell; in double quotes when it has single ones, as one would type it."""
    typed = "'" in argument and not any(sign in argument for sign in '"$`\\!')
    return f'"{argument}"' if typed else shlex.quote(argument)


def _stopped(plan: Plan | None, out: Path, why: str, code: int) -> int:
    cells = [] if plan is None else plan.cells()
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
