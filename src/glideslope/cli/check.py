"""``glideslope check``: what is wrong with schedules, in training scripts and in plans."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .._check import OneOf, ScheduleError, check_value
from ..checks import Diagnostic
from ..checks.settings import Settings
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
    from ..checks.files import Source

FORMATS = ("text", "json", "github", "sarif")
MANY = 200
"""Files from which on a bar shows how far it is."""
STDIN = "-"


def check(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|SCHEDULE...",
            help="Files, folders, - for standard input; or schedules, such as 'MultiStepDecay([100])'. What exists, "
            "and what ends in .py or .ipynb, is a path.",
        ),
    ],
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULES", help="Only these: codes, beginnings of codes or names, a,b.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULES", help="All but these.")] = None,
    form: Annotated[str, typer.Option("--format", help="text, json, github or sarif.")] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 also when something is found.")] = False,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Exclude also files that are named, as pre-commit does.")
    ] = False,
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
    """Look for the mistakes that cost a training run: in scripts, notebooks, and schedules against a run.

    Scripts are read, never run. Exit code 0: clean, 1: something was found, 2: it could not be done.
    """
    form = "json" if as_json else form
    check_value("check", "--format", OneOf(FORMATS), form)
    settings = _settings(select, ignore)
    paths = [Path(each) for each in what if each != STDIN and _is_path(each)]
    plans = [each for each in what if each != STDIN and not _is_path(each)]
    numbers = {
        "epochs": epochs, "steps_per_epoch": steps_per_epoch, "steps": steps, "accumulate": accumulate,
        "processes": processes, "samples_per_step": samples_per_step, "tokens_per_step": tokens_per_step,
    }  # fmt: skip
    found = _plans(plans, numbers, per, wall, settings)
    for path in paths:
        if not path.exists():
            raise ScheduleError(f"check: {path} must exist, and it does not.")
    files = _files(paths, settings, force_exclude)
    looked = _look(files, settings)
    standard = [_stdin()] if STDIN in what else []
    mended = 0
    if fix or diff:
        if standard and not diff:
            raise ScheduleError("check: `--fix` must be given files, got standard input. `--diff` shows the changes.")
        fixable = [i for i, each in enumerate(looked) if any(found.fixable for found in each)]
        sources = {i: source for i in fixable if (source := _source(files[i][0]))}
        if diff:
            return _show_diff([*sources.values(), *standard], settings, exit_zero)
        for i, source in sources.items():
            mended += _fix(source, settings)
            looked[i] = _look_at(files[i][0], settings)
    found += [each for here in looked for each in here]
    found += [each for source in standard for each in _look_at(source, settings)]
    _print(found, form, len(files) + len(standard) + len(plans), mended, quiet)
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


def _is_path(text: str) -> bool:
    try:
        return text.endswith((".py", ".ipynb")) or Path(text).exists() or "(" not in text
    except (OSError, ValueError):  # longer than any path; a null byte
        return False


# -- plans -------------------------------------------------------------------------------------------------------------


def _plans(
    texts: list[str], numbers: dict[str, int | None], per: str, wall: str | None, settings: Settings
) -> list[Diagnostic]:
    """Check schedules; with several, a finding says of which it speaks."""
    from ..checks import check as check_plan

    run = read_run("check", numbers, per, wall)
    if not texts:
        if run is not None:
            raise ScheduleError("check: `--epochs`, `--steps` and `--wall` must come with a schedule, got only paths.")
        return []
    if run is None:
        raise ScheduleError("check must be told how long the run is: `--epochs`, `--steps` or `--wall`; got none.")
    out = []
    for text in texts:
        schedule = parse(text)
        about = f"{schedule!r}: " if len(texts) > 1 else ""
        out += [replace(each, message=about + each.message) for each in check_plan(schedule, run, settings)]
    return out


# -- files -------------------------------------------------------------------------------------------------------------


def _files(paths: list[Path], settings: Settings, force: bool) -> list[tuple[Path, bool]]:
    from ..checks.files import find

    return list(find(paths, settings.exclude, force))


def _stdin() -> Source:
    from ..checks.files import read

    if sys.stdin is None:
        raise ScheduleError("check: standard input must be open, and it is closed.")
    try:
        return read(sys.stdin.buffer.read(), "<stdin>")
    except ValueError as error:
        raise ScheduleError(f"check: standard input must be Python: {error}.") from None


def _look_at(what: Source | Path, settings: Settings) -> list[Diagnostic]:
    from ..checks.files import check_file, check_source

    return check_file(what, settings) if isinstance(what, Path) else check_source(what, settings)


def _look(files: list[tuple[Path, bool]], settings: Settings) -> list[list[Diagnostic]]:
    from ..checks.files import check_files

    if not files:
        return []
    if len(files) < MANY or not sys.stderr.isatty():
        return check_files(files, settings)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("looking at files", total=len(files))
        return check_files(files, settings, lambda done: progress.advance(bar, done))


def _source(path: Path) -> Source | None:
    from ..checks.files import open_source

    with suppress(OSError, ValueError):  # the report says so
        return open_source(path)
    return None


def _show_diff(sources: Sequence[Source], settings: Settings, exit_zero: bool) -> int:
    from ..checks.files import fix_source

    changed = False
    for source in sources:
        new, _ = fix_source(source, settings)
        changed = changed or new != source
        before, after = (re.findall(r"[^\n]*\n|[^\n]+", each.text) for each in (source, new))
        for line in difflib.unified_diff(before, after, source.path, source.path):
            print(line, end="" if line.endswith("\n") else "\n\\ No newline at end of file\n")
    return 1 if changed and not exit_zero else 0


def _fix(source: Source, settings: Settings) -> int:
    """Mend a file where it is, whole or not at all."""
    from ..checks.files import fix_source
    from ..views.files import write_file

    new, count = fix_source(source, settings)
    if new == source:
        return 0
    try:
        data = new.to_bytes()
    except UnicodeError:
        return 0  # what cannot be written stays as it is, and is in the report
    write_file(source.path, data)
    return count


# -- output ------------------------------------------------------------------------------------------------------------


def _print(found: list[Diagnostic], form: str, places: int, mended: int, quiet: bool) -> None:
    from ..views.findings import findings_github, findings_json, findings_text

    if form == "json":
        print(findings_json(found), end="")
    elif form == "github":
        print(findings_github(found), end="")
    elif form == "sarif":
        from ..views.sarif import findings_sarif

        print(findings_sarif(found, Path()), end="")
    else:
        print(findings_text(found), end="")
        if not quiet:
            print(_summary(found, places, mended))


def _summary(found: list[Diagnostic], places: int, mended: int) -> str:
    fixable = sum(each.fixable for each in found)
    parts = [f"{mended} mended"] if mended else []
    parts.append(f"{len(found)} found" if found else "nothing found" if not mended else "nothing left")
    if fixable:
        parts.append(f"{fixable} can be mended with --fix")
    return f"{'; '.join(parts)}; {places} looked at."
