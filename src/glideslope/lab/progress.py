"""Progress: bars in a terminal, lines elsewhere. Read from the store, so that it is the same for every engine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from .plan import Cell, Plan
from .store import Store

EVERY = 0.5
"""Seconds between two looks."""
LINE_EVERY = 30.0
"""Seconds after which a line says how far everything is, where there are no bars."""


def time_left(done: int, total: int, seconds: float) -> str:
    """Return the time left in words when ``done`` of ``total`` epochs took so many seconds.

    >>> time_left(30, 90, 60.0), time_left(0, 90, 60.0), time_left(1, 3, 9000.0)
    ('2:00 left', 'time left: not known yet', '5:00:00 left')
    """
    if not done:
        return "time left: not known yet"
    left = round(seconds / done * (total - done))
    minutes, hours = left // 60 % 60, left // 3600
    return f"{hours}:{minutes:02}:{left % 60:02} left" if hours else f"{minutes}:{left % 60:02} left"


class Watch:
    """What the store says about the cells that are being trained, as far as it has changed."""

    def __init__(self, store: Store, plan: Plan, cells: Sequence[Cell], metric: str) -> None:
        self.store, self.plan, self.metric = store, plan, metric
        self.epochs = {cell: (store.progress(cell) or (0, 0.0))[0] for cell in cells}
        self.open = list(cells)
        self.begin, self.at_begin = time.monotonic(), sum(self.epochs.values())
        self.saved = 0
        """Epochs that are not needed, because cells stopped early, diverged or failed."""

    def look(self) -> Iterator[tuple[Cell, int, str, bool]]:
        """Yield (cell, epochs done, what to say of it, ended) for each cell that has got further."""
        for cell in list(self.open):
            ended = self._ended(cell)
            if ended is not None:
                self.open.remove(cell)
                self.epochs[cell] = ended["epochs"]
                self.saved += self.plan.epochs - ended["epochs"]
                yield cell, ended["epochs"], self._words(ended), True
                continue
            epochs, value = self.store.progress(cell) or (0, 0.0)
            if epochs > self.epochs[cell]:
                self.epochs[cell] = epochs
                yield cell, epochs, f"{self.metric} {value:.4g}", False

    def _ended(self, cell: Cell) -> dict[str, Any] | None:
        path = self.store.cell_file(cell, ".json")
        try:
            return dict(json.loads(path.read_text())) if path.exists() else None
        except (OSError, ValueError):
            return None

    def _words(self, ended: dict[str, Any]) -> str:
        if ended["status"] != "done":
            return f"{ended['status']}: {ended['error']}".partition("\n")[0]
        early = f"stopped early after epoch {ended['stopped_early']}, " if "stopped_early" in ended else ""
        return f"{early}final {self.metric} {ended['final']:.4g}"

    @property
    def total(self) -> int:
        return len(self.epochs) * self.plan.epochs

    @property
    def done(self) -> int:
        return sum(self.epochs.values()) + self.saved

    def left(self) -> str:
        trained = self.done - self.at_begin
        return time_left(trained, trained + self.total - self.done, time.monotonic() - self.begin)


class Lines:
    """A line for each cell that ends, and one now and then for those that have not."""

    def __init__(self, watch: Watch, stream: TextIO) -> None:
        self.watch, self.stream = watch, stream
        self.said = time.monotonic()

    def look(self) -> None:
        """Print what is new."""
        for cell, _, words, ended in list(self.watch.look()):
            if ended:
                self._say(f"{cell}: {words} ({self._cells()})")
        if self.watch.open and time.monotonic() - self.said > LINE_EVERY:
            self._say(f"{self.watch.done} of {self.watch.total} epochs ({self.watch.left()})")

    def _cells(self) -> str:
        total = len(self.watch.epochs)
        left = f", {self.watch.left()}" if self.watch.open else ""
        return f"{total - len(self.watch.open)} of {total} cells{left}"

    def _say(self, line: str) -> None:
        print(line, file=self.stream, flush=True)
        self.said = time.monotonic()

    def close(self) -> None:
        """Print what is left to say."""
        self.look()


class Bars:
    """A bar for all the epochs, with the time left, and one for each cell that is being trained."""

    def __init__(self, watch: Watch, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        name = max(len(str(cell)) for cell in watch.epochs)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[words]}"),
        )
        self.watch = watch
        self.bars = Progress(*columns, console=Console(file=stream), expand=True)
        self.all = self.bars.add_task("all epochs".ljust(name), total=watch.total, words="")
        self.cells: dict[Cell, Any] = {}
        self.bars.start()

    def look(self) -> None:
        """Move the bars; a cell that has ended becomes a line above them."""
        for cell, epochs, words, ended in list(self.watch.look()):
            if ended:
                self.bars.print(f"{cell}: {words}", markup=False, highlight=False)
                if cell in self.cells:
                    self.bars.remove_task(self.cells.pop(cell))
                continue
            if cell not in self.cells:
                self.cells[cell] = self.bars.add_task(str(cell), total=self.watch.plan.epochs, words="")
            self.bars.update(self.cells[cell], completed=epochs, words=words)
        self.bars.update(self.all, completed=self.watch.done, words=self.watch.left() if self.watch.open else "")

    def close(self) -> None:
        """Move the bars to their end and leave the terminal as it was."""
        self.look()
        self.bars.stop()


@contextmanager
def progress(watch: Watch, stream: TextIO) -> Iterator[None]:
    """Show on ``stream`` how far the cells are while the block runs: bars on a terminal, lines elsewhere."""
    show = Bars(watch, stream) if stream.isatty() else Lines(watch, stream)
    over = threading.Event()

    def loop() -> None:
        while not over.wait(EVERY):
            show.look()

    thread = threading.Thread(target=loop, name="glideslope-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        show.close()
