"""The options that say how long a run is, for the subcommands that need one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from .._check import OneOf, ScheduleError, Whole, check_value
from ..clock import LENGTHS, Run, WallTime

Epochs = Annotated[int | None, typer.Option(help="Epochs in the run.")]
StepsPerEpoch = Annotated[int | None, typer.Option(help="Batches in an epoch; without, a step is an epoch.")]
Steps = Annotated[int | None, typer.Option(help="Optimizer steps in the run, instead of epochs.")]
Wall = Annotated[
    str | None, typer.Option(metavar="TIME", help="Length of the run on the wall clock, such as 6h, 30min or 90s.")
]
Per = Annotated[str, typer.Option(help="What the scheduler is advanced once for: step or epoch.")]
Accumulate = Annotated[int, typer.Option(help="Batches of one process for one optimizer step.")]
Processes = Annotated[int, typer.Option(help="Processes among which the batches are divided.")]
SamplesPerStep = Annotated[int | None, typer.Option(help="Samples in a batch, for durations in 'sa'.")]
TokensPerStep = Annotated[int | None, typer.Option(help="Tokens in a batch, for durations in 'tok'.")]


def read_run(where: str, numbers: Mapping[str, int | None], per: str, wall: str | None) -> Run | None:
    """Return the run that the options of a subcommand describe; None when they do not say how long it is."""
    for name, value in numbers.items():
        if value is not None:
            check_value(where, "--" + name.replace("_", "-"), Whole(), value)
    check_value(where, "--per", OneOf(("step", "epoch")), per)
    if wall is not None:
        check_value(where, "--wall", WallTime(), wall)
    lengths = [f"`--{name}`" for name in LENGTHS if {**numbers, "wall": wall}[name] is not None]
    if len(lengths) > 1:
        got = " and ".join(lengths)
        raise ScheduleError(f"{where} must have one of `--epochs`, `--steps` and `--wall`; got {got}.")
    return Run(**numbers, per=per, wall=wall) if lengths else None  # type: ignore[arg-type]
