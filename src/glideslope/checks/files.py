"""Files on their way to the rules and back: found, read, analysed, silenced by comments, mended."""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from .diagnostic import Diagnostic, Edit
from .edits import ENDS, apply, start_of, touch
from .notebook import Notebook, read_notebook
from .parsing import parse
from .settings import Settings
from .suppression import suppressions
from .unreadable_file import UnreadableFile

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

MAX_BYTES = 5_000_000
"""More than any script that somebody wrote."""
ROUNDS = 20
"""Times a file is mended and looked at again, at most."""
SUFFIXES = (".py", ".ipynb")
PASSED_OVER = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"})
"""Folders that hold other people's code, or copies. Hidden ones are passed over, too."""
WORDS = (b"schedul", b"Schedul", b"SCHEDUL")
"""A file without any of these has no scheduler."""


# -- finding -----------------------------------------------------------------------------------------------------------


def find(paths: Iterable[Path], exclude: Sequence[str] = (), force: bool = False) -> Iterator[tuple[Path, bool]]:
    """Yield every file to look at, once, and whether it was named itself; folders are gone through to the bottom.

    ``force`` treats a file that is named like one that was come across.
    """
    seen: set[str] = set()
    for path in paths:
        named = not path.is_dir()
        if named and force and _is_excluded(path, exclude):
            continue
        for each in [path] if named else _walk(path, exclude):
            if (key := os.path.realpath(each)) not in seen:
                seen.add(key)
                yield each, named and not force


def _walk(folder: Path, exclude: Sequence[str]) -> Iterator[Path]:
    closed: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=closed.append):
        yield from (Path(each.filename) for each in closed)
        closed.clear()
        here = Path(at)
        folders[:] = sorted(each for each in folders if not _is_passed_over(here / each, exclude))
        for name in sorted(files):
            path = here / name
            if name.endswith(SUFFIXES) and not _is_excluded(path, exclude) and path.is_file():
                yield path


def _is_passed_over(folder: Path, exclude: Sequence[str]) -> bool:
    hidden = folder.name.startswith(".") or folder.name in PASSED_OVER
    if hidden or _is_excluded(folder, exclude):
        return True
    try:
        return (folder / "pyvenv.cfg").exists()
    except OSError:
        return False  # it will be said that it cannot be read


def _is_excluded(path: Path, patterns: Sequence[str]) -> bool:
    """Whether a pattern fits the path as it is given, its end, or its name."""
    text, whole = path.as_posix(), path.absolute().as_posix()
    for pattern in (each.rstrip("/").removeprefix("./") for each in patterns):
        inside = any(fnmatch(whole, f"*/{pattern}{rest}") for rest in ("", "/*"))
        if inside or fnmatch(path.name, pattern) or fnmatch(text, pattern):
            return True
    return False


# -- reading -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """The text of a file, with what is needed to write it back as it was."""

    path: str
    text: str
    encoding: str = "utf-8"

    @property
    def is_notebook(self) -> bool:
        """Whether it holds cells."""
        return self.path.endswith(".ipynb")

    def to_bytes(self) -> bytes:
        """The file."""
        return self.text.encode(self.encoding)


def read(data: bytes, path: str) -> Source:
    """Decode a file as Python would; raise ValueError, in one line, where that cannot be done."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"it is longer than {MAX_BYTES // 10**6} MB, which no script is")
    if b"\0" in data:
        raise ValueError("it holds null bytes")
    try:
        encoding = "utf-8" if path.endswith(".ipynb") else tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        return Source(path, data.decode(encoding), encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ValueError(f"it is not text: {reason}") from None


# -- looking -----------------------------------------------------------------------------------------------------------


def check_file(path: Path, settings: Settings, named: bool = True) -> list[Diagnostic]:
    """Look at one file. One that was only come across, and mentions no scheduler, is not read further."""
    shown = path.as_posix()
    try:
        source = open_source(path, named)
        return [] if source is None else check_source(source, settings)
    except (OSError, ValueError) as error:
        return _unreadable(shown, getattr(error, "strerror", None) or str(error), settings)


def open_source(path: Path, named: bool = True) -> Source | None:
    """Read a file; None where it was only come across and mentions no scheduler. Raises OSError and ValueError."""
    data = _bytes(path)
    return read(data, path.as_posix()) if named or any(word in data for word in WORDS) else None


def _bytes(path: Path) -> bytes:
    """A file, or of one that is too long just enough to tell."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def check_source(source: Source, settings: Settings) -> list[Diagnostic]:
    """Look at one text: every finding that no comment silences, in order of place."""
    if source.is_notebook:
        try:
            notebook = read_notebook(source.text)
        except ValueError as error:
            return _unreadable(source.path, str(error), settings)
        broken = [
            replace(each, cell=cell, line=line)
            for cell, line, why in notebook.broken
            for each in _unreadable(source.path, f"this cell is not Python: {why}", settings)
        ]
        found = [_in_cell(each, notebook) for each in _look(notebook.python, source.path, settings)]
        return sorted([*broken, *found], key=lambda each: each.cell or 0)
    return _look(ENDS.sub("\n", source.text), source.path, settings)


def _in_cell(found: Diagnostic, notebook: Notebook) -> Diagnostic:
    """A finding at its place in a cell, and in its words, too."""
    here, line = notebook.place(found.line or 1)

    def place(match: re.Match[str]) -> str:
        cell, at = notebook.place(int(match[1]))
        return f"line {at}" if cell == here else f"line {at} of cell {cell}"

    return replace(found, cell=here, line=line, message=re.sub(r"\bline (\d+)", place, found.message))


def _look(python: str, path: str, settings: Settings) -> list[Diagnostic]:
    from . import source  # the source rules are loaded when somebody asks

    try:
        given = source.analyse(python, path, settings)
    except Exception as error:  # one file must not cost the report on all the others
        mistake = f"the check of it ended in {type(error).__name__}, which is a mistake of glideslope's"
        return _unreadable(path, mistake, settings)
    silent = suppressions(python)
    found = [
        replace(each, severity=settings.severity_of(each.code, each.rule, each.severity))
        for each in given
        if settings.selects(each.code, each.rule) and not silent.silences(each)
    ]
    return sorted(found, key=lambda each: (each.line or 0, each.column or 0, each.code))


def _unreadable(path: str, why: str, settings: Settings) -> list[Diagnostic]:
    rule = UnreadableFile
    if not settings.selects(rule.code, rule.name):
        return []
    severity = settings.severity_of(rule.code, rule.name, rule.severity)
    return [Diagnostic(path, 1, 1, rule.code, rule.name, f"the file cannot be checked: {why}.", "", severity)]


# -- mending -----------------------------------------------------------------------------------------------------------


def fix_source(source: Source, settings: Settings) -> tuple[Source, int]:
    """Apply the edits of the findings until none is left: the new source, and how many findings it mended.

    Findings whose edits overlap wait for the next round. A round that would leave no Python is not applied.
    """
    mended, seen = 0, {source.text}
    for _ in range(ROUNDS):
        new, count = _fix_once(source, settings)
        if not count or new.text in seen:
            break
        source, mended = new, mended + count
        seen.add(new.text)
    return source, mended


def _fix_once(source: Source, settings: Settings) -> tuple[Source, int]:
    if not source.is_notebook:
        found = _look(ENDS.sub("\n", source.text), source.path, settings)
        edits, count = _apart(found)
        text = apply(source.text, edits)
        return (replace(source, text=text), count) if _is_python(ENDS.sub("\n", text)) else (source, 0)
    try:
        notebook = read_notebook(source.text)
    except ValueError:
        return source, 0
    edits, count = _apart(_look(notebook.python, source.path, settings))
    new: Notebook | None = notebook
    for edit in sorted(edits, key=start_of, reverse=True):
        new = new and new.edited(edit)
    return (replace(source, text=new.raw), count) if new and _is_python(new.python) else (source, 0)


def _apart(found: list[Diagnostic]) -> tuple[list[Edit], int]:
    """The edits of as many findings as do not touch one another, and how many findings these are."""
    taken: list[Edit] = []
    count = 0
    for each in found:
        own: list[Edit] = list(each.edits)
        if own and not any(touch(a, b) for i, a in enumerate(own) for b in [*taken, *own[:i]]):
            taken += own
            count += 1
    return taken, count


def _is_python(text: str) -> bool:
    try:
        parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


# -- many files --------------------------------------------------------------------------------------------------------

PAYS = 400_000
"""Bytes of code below which one process is done before a second one has started."""


def check_files(
    files: Sequence[tuple[Path, bool]], settings: Settings, done: Callable[[int], object] = lambda files: None
) -> list[list[Diagnostic]]:
    """Look at every file, on all cores where that pays; ``done`` hears how many more are finished."""
    work = [(path, settings, named) for path, named in files]
    if (os.cpu_count() or 1) < 2 or len(work) < 2 or sum(map(_size, files)) < PAYS:
        return [_told(check_file(*each), done) for each in work]
    return _in_processes(work, done)


def _told(found: list[Diagnostic], done: Callable[[int], object]) -> list[Diagnostic]:
    done(1)
    return found


def _size(file: tuple[Path, bool]) -> int:
    """Bytes of a file that will be analysed; 0 where no scheduler is mentioned."""
    path, named = file
    try:
        data = _bytes(path)
    except OSError:
        return 0
    return len(data) if named or any(word in data for word in WORDS) else 0


def _check(work: tuple[Path, Settings, bool]) -> list[Diagnostic]:
    return check_file(*work)


def _in_processes(work: list[tuple[Path, Settings, bool]], done: Callable[[int], object]) -> list[list[Diagnostic]]:
    from concurrent.futures.process import BrokenProcessPool

    found: list[list[Diagnostic]] = []
    try:
        with _pool(os.cpu_count()) as pool:
            for each in pool.map(_check, work, chunksize=8):
                found.append(_told(each, done))
    except BrokenProcessPool:  # a file made a process die; find out which
        for path, settings, named in work[len(found) :]:
            try:
                with _pool(1) as pool:
                    found.append(pool.submit(_check, (path, settings, named)).result())
            except BrokenProcessPool:
                found.append(_unreadable(path.as_posix(), "the process that looked at it died", settings))
            done(1)
    return found


def _pool(size: int | None) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(size, multiprocessing.get_context("spawn"))
