"""Store: the directory of a comparison. Every file in it is whole at any moment, whatever is killed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._check import ScheduleError
from ..views.files import write_file
from .plan import Cell

FORMAT = 1


class DamagedError(Exception):
    """A file of the store does not read; its text says which, and why."""


@dataclass(frozen=True)
class Store:
    """The files of one comparison in ``folder``::

        run.json                     the plan, the command, the versions
        cells/NAME-seedN.json        the result of a cell that has ended
        cells/NAME-seedN.pt          the checkpoint of one that has not: model, optimizer, scheduler, random states
        cells/NAME-seedN.progress    how far it is, for whoever watches
        cells/NAME-seedN.lock        held by the process that trains it
        results.json, report.html, report.png

    A file is written beside its place, brought to disk, and moved there in one step. The system releases a lock when
    the process that holds it ends, however it ends.
    """

    folder: Path

    @property
    def run_file(self) -> Path:
        return self.folder / "run.json"

    @property
    def results_file(self) -> Path:
        return self.folder / "results.json"

    def cell_file(self, cell: Cell, suffix: str) -> Path:
        """Return the file of one kind (``.json``, ``.pt``, ``.progress``, ``.lock``) of a cell."""
        return self.folder / "cells" / f"{cell.key}{suffix}"

    def create(self) -> None:
        """Make the directory. Raises :class:`~glideslope.ScheduleError` when it is, or holds, something else."""
        try:
            (self.folder / "cells").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ScheduleError(
                f"--out: {self.folder} must be a directory to write to, got: {error.strerror}."
            ) from None

    def check_ours(self) -> None:
        """Refuse a directory in which something other than a comparison is."""
        if not self.folder.is_dir() or self.run_file.exists():
            return
        strange = sorted(each.name for each in self.folder.iterdir() if each.name not in ("cells", ".lock"))
        if strange:
            must = "be a new directory, or one that compare has made"
            raise ScheduleError.about(f"--out: {self.folder}", must, f"one with {strange[0]} in it")

    def about(self) -> dict[str, Any] | None:
        """Return run.json, None when there is none; raise :class:`~glideslope.ScheduleError` when it does not read."""
        if not self.run_file.exists():
            return None
        try:
            data = json.loads(self.run_file.read_text())
            if data["format"] != FORMAT or not isinstance(data["plan"], dict):
                raise ValueError(f"its format is {data['format']}")
        except (ValueError, KeyError, TypeError) as error:
            raise ScheduleError(f"--out: {self.run_file} does not read ({error}). Choose another --out.") from None
        return data  # type: ignore[no-any-return]

    def untouched(self) -> bool:
        """Return True when no cell has got as far as its first epoch: there is nothing to lose."""
        return not any(each.suffix != ".lock" for each in (self.folder / "cells").iterdir())

    def results(self) -> dict[str, Any] | None:
        """Return results.json; None when it, or a report, is not there or does not read."""
        try:
            data = json.loads(self.results_file.read_text())
        except (OSError, ValueError):
            return None
        reports = all((self.folder / name).exists() for name in ("report.html", "report.png"))
        return data if reports and isinstance(data, dict) and data.get("format") == FORMAT else None

    def tidy(self, results: Iterable[tuple[Cell, Mapping[str, Any]]]) -> None:
        """Remove what a kill has left behind: drafts, and files of cells that it struck just as they ended."""
        for cell, result in results:
            self._clear(cell, result)
        for folder in (self.folder, self.folder / "cells"):
            for draft in folder.glob(".*.part"):
                draft.unlink(missing_ok=True)

    def _clear(self, cell: Cell, result: Mapping[str, Any]) -> None:
        """Remove what only an unfinished cell needs; one that failed may go on from its checkpoint."""
        for suffix in (".progress", ".lock") if result["status"] == "failed" else (".pt", ".progress", ".lock"):
            self.cell_file(cell, suffix).unlink(missing_ok=True)

    # -- locks ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the directory. Raises :class:`~glideslope.ScheduleError` when another compare does."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / ".lock")
        try:
            lock.acquire(timeout=1)  # a worker that looks whether its compare is alive holds it for a moment
        except Timeout:
            raise ScheduleError(
                f"--out: {self.folder} must be used by one compare at a time, got a second one while the first runs."
            ) from None
        except OSError as error:
            raise ScheduleError(
                f"--out: {self.folder} must be a directory to write to, got: {error.strerror}."
            ) from None
        try:
            yield
        finally:
            lock.release()

    def abandoned(self) -> bool:
        """Return True when no compare holds the directory: nobody waits for what a worker trains."""
        from filelock import FileLock, Timeout

        try:
            with FileLock(self.folder / ".lock", timeout=0):
                return True
        except Timeout:
            return False

    @contextmanager
    def cell_lock(self, cell: Cell) -> Iterator[None]:
        """Hold one cell; wait for a worker that a killed compare has left behind and that is still at it."""
        from filelock import FileLock

        with FileLock(self.cell_file(cell, ".lock")):
            yield

    # -- cells ---------------------------------------------------------------------------------------------------------

    def result(self, cell: Cell, plan: str) -> dict[str, Any] | None:
        """Return the result of a cell, None when it has none yet; raise :class:`DamagedError` when it does not read."""
        path = self.cell_file(cell, ".json")
        if not path.exists():
            return None
        try:
            data = json.loads(path.read_text())
            if data["plan"] != plan or data["status"] not in ("done", "diverged", "failed"):
                raise ValueError("it belongs to another comparison")
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"{path} does not read ({error})") from None
        return data  # type: ignore[no-any-return]

    def end(self, cell: Cell, result: Mapping[str, Any]) -> None:
        """Write the result of a cell, and remove what only an unfinished one needs."""
        write_file(self.cell_file(cell, ".json"), dump(result))
        self._clear(cell, result)

    def forget(self, cell: Cell) -> None:
        """Remove the result of a cell, so that it is trained again."""
        self.cell_file(cell, ".json").unlink(missing_ok=True)

    def note_progress(self, cell: Cell, epochs: int, metric: float) -> None:
        """Say how far a cell is; not brought to disk, because nothing depends on it."""
        path = self.cell_file(cell, ".progress")
        beside = path.with_suffix(f".progress-{os.getpid()}")
        beside.write_text(json.dumps([epochs, metric]))
        os.replace(beside, path)

    def progress(self, cell: Cell) -> tuple[int, float] | None:
        """Return the epochs a cell has done and its last metric; None before its first epoch."""
        try:
            epochs, metric = json.loads(self.cell_file(cell, ".progress").read_text())
        except (OSError, ValueError):
            return None
        return epochs, metric


def dump(data: Any) -> str:
    """Return JSON that any reader takes: no NaN, floats in full, so that equal numbers are equal text."""
    return json.dumps(data, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
