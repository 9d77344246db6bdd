"""``glideslope check``: what is wrong with schedules, against the length of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from .._check import OneOf, ScheduleError, check_value
from ..checks import Diagnostic
from ..checks import check as check_plan
from ..checks.settings import Settings
from ..spec import parse
from ..views.findings import findings_json, findings_text
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

FORMATS = ("text", "json")


def check(
    specs: Annotated[list[str], typer.Argument(metavar="SCHEDULE...", help="Such as 'MultiStepDecay([30, 100])'.")],
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULES", help="Only these: codes, beginnings of codes or names, a,b.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULES", help="All but these.")] = None,
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 also when something is found.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print findings, and nothing when there are none.")] = False,
    epochs: Epochs = None,
    steps_per_epoch: StepsPerEpoch = None,
    steps: Steps = None,
    wall: Wall = None,
    per: Per = "step",
    accumulate: Accumulate = 1,
    processes: Processes = 1,
    samples_per_step: SamplesPerStep = None,
    tokens_per_step: TokensPerStep = None,
) -> int:
    """Look for the mistakes in schedules that cost a training run, against its length.

    Exit code 0: clean, 1: something was found, 2: it could not be done.
    """
    check_value("check", "--format", OneOf(FORMATS), form)
    settings = _settings(select, ignore)
    numbers = {
        "epochs": epochs, "steps_per_epoch": steps_per_epoch, "steps": steps, "accumulate": accumulate,
        "processes": processes, "samples_per_step": samples_per_step, "tokens_per_step": tokens_per_step,
    }  # fmt: skip
    found = _plans(specs, numbers, per, wall, settings)
    if form == "json":
        print(findings_json(found), end="")
    else:
        print(findings_text(found), end="")
        if not quiet:
            print(f"{f'{len(found)} found' if found else 'nothing found'}; {len(specs)} looked at.")
    return 1 if found and not exit_zero else 0


def _settings(select: list[str] | None, ignore: list[str] | None) -> Settings:
    """What pyproject.toml says, unless the command line says otherwise."""
    settings = Settings.find(Path())
    for name, given in (("select", select), ("ignore", ignore)):
        if given:
            values = [each.strip() for text in given for each in text.split(",") if each.strip()]
            try:
                settings = replace(settings, **{name: values})  # type: ignore[arg-type]
            except ScheduleError as error:
                raise ScheduleError(str(error).replace(f"Settings: `{name}`", f"check: `--{name}`", 1)) from None
    return settings


def _plans(
    texts: list[str], numbers: dict[str, int | None], per: str, wall: str | None, settings: Settings
) -> list[Diagnostic]:
    """Check schedules; with several, a finding says of which it speaks."""
    run = read_run("check", numbers, per, wall)
    if run is None:
        raise ScheduleError("check must be told how long the run is: `--epochs`, `--steps` or `--wall`; got none.")
    out = []
    for text in texts:
        if text.endswith((".py", ".ipynb")) or text == "-":
            raise ScheduleError.about("check", "be given schedules", text, "It reads no files.")
        schedule = parse(text)
        about = f"{schedule!r}: " if len(texts) > 1 else ""
        out += [replace(each, message=about + each.message) for each in check_plan(schedule, run, settings)]
    return out
