"""compare: train every cell of a plan, once, and put together what came out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

from .._check import ScheduleError
from ..trace import Trace
from ..views.files import write_file
from .engine import check_engine, run_cells
from .plan import Cell, Plan, difference, fingerprint
from .probe import Facts, machine, probe, versions
from .progress import Watch, progress
from .results import results
from .store import FORMAT, DamagedError, Store, dump


def compare(
    plan: Plan,
    folder: Path,
    *,
    engine: str = "processes",
    jobs: int | None = None,
    ray_address: str | None = None,
    command: str = "",
    stream: TextIO | None = None,
) -> dict[str, Any]:
    """Train the cells of ``plan`` that ``folder`` does not hold yet, and return what results.json then holds.

    A cell that was interrupted goes on from its last epoch; one that failed is tried again; when nothing is left to
    train the results are read, and nothing is written. ``stream`` (None: stderr) hears how far it is. Raises
    :class:`~glideslope.ScheduleError` for a plan that cannot be carried out, and a folder that is in use or holds
    another comparison or something else; :class:`~glideslope.lab.engine.WorkerDiedError` when a worker was killed.
    """
    stream = sys.stderr if stream is None else stream
    check_engine(engine, jobs, ray_address)
    store = Store(folder)
    store.check_ours()
    identity = plan.identity()
    facts: Facts | None = None
    if not store.run_file.exists():
        facts = probe(plan)
    store.create()
    with store.lock():
        about = store.about()
        if about is not None and about["plan"] != identity and store.untouched():
            about = None
        if about is not None:
            _refuse_other(folder, "made by another command", about["plan"], identity)
        todo = _todo(store, plan, fingerprint(identity), stream)
        if about is not None and not todo:
            stored = store.results()
            if stored is not None:
                return stored
        if about is not None and todo:
            _refuse_other(folder, "begun with other versions", about["versions"], versions())
        if about is None:
            facts = probe(plan) if facts is None else facts
            traces = curves(plan, asdict(facts))
            about = _begin(store, identity, facts, command)
        else:
            traces = curves(plan, about["facts"])
        if todo:
            watch = Watch(store, plan, todo, about["facts"]["metric"])
            with progress(watch, stream):
                notes = run_cells(plan, fingerprint(identity), todo, folder, engine, jobs, ray_address)
            for note in notes:
                print(note, file=stream)
        return _finish(store, plan, about, traces)


def _refuse_other(folder: Path, why: str, there: dict[str, Any], here: dict[str, Any]) -> None:
    differences = difference(there, here)
    if differences:
        more = f"; and {len(differences) - 4} more" if len(differences) > 4 else ""
        said = "; ".join(differences[:4]) + more
        raise ScheduleError(f"--out: {folder} holds another comparison, {why}: {said}. Choose another --out.")


def _todo(store: Store, plan: Plan, identity: str, stream: TextIO) -> list[Cell]:
    """Return the cells to train; the results of failed and damaged ones are removed, and that is said."""
    todo = []
    for cell in plan.cells():
        try:
            result = store.result(cell, identity)
        except DamagedError as damage:
            print(f"{damage}: {cell} is trained again.", file=stream)
            store.forget(cell)
            result = None
        if result is not None and result["status"] == "failed":
            print(f"{cell} failed before ({result['error']}): it is tried again.", file=stream)
            store.forget(cell)
            result = None
        if result is None:
            todo.append(cell)
    return todo


def _begin(store: Store, identity: dict[str, Any], facts: Facts, command: str) -> dict[str, Any]:
    about = {
        "format": FORMAT,
        "plan": identity,
        "facts": asdict(facts),
        "command": command,
        "versions": versions(),
        "machine": machine(),
        "started": _now(),
    }
    write_file(store.run_file, dump(about))
    return about


def _finish(store: Store, plan: Plan, about: dict[str, Any], traces: dict[str, Trace]) -> dict[str, Any]:
    """Put results.json, report.html and report.png together from the cells."""
    from ..views.compare_report import write_report

    cells = []
    for cell in plan.cells():
        try:
            result = store.result(cell, fingerprint(about["plan"]))
        except DamagedError as damage:
            raise ScheduleError(f"--out: {damage}. Run the same command again.") from None
        if result is None:
            raise ScheduleError(f"--out: {store.folder} lacks the result of {cell}. Run the same command again.")
        cells.append(result)
    seconds = {f"{each['name']}, seed {each['seed']}": round(each.pop("seconds"), 3) for each in cells}
    summaries = results(cells, [entry.name for entry in plan.entries])
    facts = about["facts"]
    for entry, summary in zip(plan.entries, summaries, strict=True):
        text, base_lr = facts["optimizers"].get(entry.name, (entry.optimizer or plan.optimizer, None))
        summary |= {"schedule": repr(entry.schedule), "optimizer": text, "base_lr": base_lr}
    found = {
        "format": FORMAT,
        **{key: facts[key] for key in ("metric", "mode", "unit", "parameters", "steps_per_epoch")},
        "plan": about["plan"],
        "schedules": summaries,
        "cells": [{key: value for key, value in each.items() if key != "plan"} for each in cells],
        "about": {
            **{key: about[key] for key in ("command", "versions", "machine", "started")},
            "ended": _now(),
            "training_seconds": seconds,
        },
    }
    write_file(store.results_file, dump(found))
    write_report(found, traces, store.folder)
    store.tidy(zip(plan.cells(), cells, strict=True))
    return found


def curves(plan: Plan, facts: dict[str, Any]) -> dict[str, Trace]:
    """Return the learning rate of each entry over the run; nothing when no task could be built.

    Raises :class:`~glideslope.ScheduleError` for a rate that is not finite.
    """
    from ..views.outline import outline

    if facts["steps_per_epoch"] is None:
        return {}
    run, found = plan.run(Facts(**facts)), {}
    for entry in plan.entries:
        try:
            found[entry.name] = outline(entry.schedule, run, facts["optimizers"][entry.name][1])
        except ScheduleError as error:
            raise ScheduleError(f"{entry.name}: {error}") from None
    return found


def _now() -> str:
    return datetime.now(timezone.utc).astimezone().isoformat(timespec="seconds")
