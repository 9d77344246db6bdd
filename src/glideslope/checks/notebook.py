"""Notebooks: the code cells as one Python text, and edits of that text back into the cells."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from .diagnostic import Edit
from .edits import apply
from .parsing import parse

_MAGIC = re.compile(r"\s*[%!?]|\s*[\w.]+\?{1,2}\s*$")
"""A line for IPython alone: ``%matplotlib inline``, ``!pip install x``, ``net?``."""
_TAKEN = re.compile(r"(\s*[\w.]+(?:\s*,\s*[\w.]+)*)\s*=\s*([!%].*)")
"""``files = !ls``, ``seconds = %timeit -o f()``."""
_WHOLE = re.compile(r"\s*%%(?!time|capture|prun)\w")


@dataclass(frozen=True)
class Notebook:
    """A notebook as Python: line i of the text (from 0) is line ``places[i][1]`` of cell ``places[i][0]``, from 1.

    ``broken`` has the number of each cell that is no Python, the line, and why; its lines are comments here.
    """

    lines: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    raw: str
    broken: tuple[tuple[int, int, str], ...] = ()

    @property
    def python(self) -> str:
        """The code of all cells, in order; lines that only IPython reads are comments."""
        return "\n".join(self.lines)

    def place(self, line: int) -> tuple[int, int]:
        """The cell and its line for a line of the Python text, all from 1."""
        return self.places[min(line, len(self.places)) - 1] if self.places else (1, 1)

    def edited(self, edit: Edit) -> Notebook | None:
        """The notebook after one edit of the Python text; None where that would reach from one cell into another."""
        cell, line = self.place(edit.line)
        data = json.loads(self.raw)
        own = data["cells"][cell - 1]
        source = _source(own)
        last_cell, end_line = self.place(edit.end_line)
        touched = range(
            edit.line, min(edit.end_line + (edit.end_column > 0 or edit.line == edit.end_line), len(self.lines) + 1)
        )
        kept = source.split("\n")
        if any(self.place(i)[0] == cell and self.lines[i - 1] != kept[self.place(i)[1] - 1] for i in touched):
            return None  # a line that only IPython reads
        if last_cell == cell and edit.end_line <= len(self.places):
            moved = replace(edit, line=line, end_line=end_line)
        elif edit.end_column == 0 and self.place(edit.end_line - 1)[0] == cell:  # up to the end of the cell
            moved = replace(edit, line=line, end_line=source.count("\n") + 2, text=edit.text.removesuffix("\n"))
        else:
            return None
        own["source"] = _like(own["source"], apply(source, [moved]))
        return read_notebook(_dump(data, self.raw))


def read_notebook(raw: str) -> Notebook:
    """Read the JSON of a notebook; raise ValueError, in one line, for anything else."""
    try:
        data = json.loads(raw)
        cells = data["cells"]
        code = [(i, _source(each)) for i, each in enumerate(cells, 1) if each["cell_type"] == "code"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no notebook: {type(error).__name__} {str(error)[:80]}".replace("\n", " ")) from None
    if not _is_for_python(data):
        code = []
    lines: list[str] = []
    places: list[tuple[int, int]] = []
    broken: list[tuple[int, int, str]] = []
    for number, source in code:
        own = _python(source)
        try:
            parse("\n".join(own))
        except SyntaxError as error:
            broken.append((number, error.lineno or 1, error.msg))
            own = [f"#{line}" for line in own]
        except (ValueError, RecursionError, MemoryError) as error:
            broken.append((number, 1, type(error).__name__))
            own = [f"#{line}" for line in own]
        lines += own
        places += [(number, i) for i in range(1, len(own) + 1)]
    return Notebook(tuple(lines), tuple(places), raw, tuple(broken))


def _is_for_python(data: Any) -> bool:
    """Whether the kernel is one of Python, or not named."""
    metadata = data.get("metadata") or {}
    named = [
        (metadata.get(part) or {}).get(key) for part, key in (("kernelspec", "language"), ("language_info", "name"))
    ]
    return all(name is None or str(name).lower() in ("python", "ipython") for name in named)


def _source(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _like(source: Any, text: str) -> Any:
    """Text the way the notebook keeps it: one string, or a list of lines with their ends."""
    return text if isinstance(source, str) else re.findall(r"[^\n]*\n|[^\n]+", text)


def _python(source: str) -> list[str]:
    """The lines of a cell as Python: where Python stumbles over what only IPython reads, the line does nothing."""
    lines = source.split("\n")
    if _WHOLE.match(source) and not _parses(source):
        return [f"#{line}" for line in lines]
    for _ in range(len(lines)):
        stumbles = _stumbles("\n".join(lines))
        new = _without(lines[stumbles - 1]) if stumbles else None
        if new is None:
            break
        goes_on = lines[stumbles - 1].endswith("\\")
        lines[stumbles - 1] = new
        while goes_on and stumbles < len(lines):  # a command for the shell that is longer than its line
            goes_on = lines[stumbles].endswith("\\")
            lines[stumbles] = f"# {lines[stumbles]}"
            stumbles += 1
    return lines


def _stumbles(text: str) -> int:
    """The line at which Python gives up; 0 where it does not, or cannot say."""
    try:
        parse(text)
    except SyntaxError as error:
        return error.lineno or 0 if (error.lineno or 0) <= text.count("\n") + 1 else 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


def _parses(text: str) -> bool:
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        parse(text)
        return True
    return False


def _without(line: str) -> str | None:
    """A line without what only IPython reads; None where it is none of that."""
    taken = _TAKEN.match(line)
    if taken:
        return f"{taken[1]} = None  # {taken[2]}"
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass  # {line.strip()}" if _MAGIC.match(line) else None


def _dump(data: Any, like: str) -> str:
    """JSON laid out as ``like`` is, so that nothing but the edit differs."""
    crlf = "\r\n" in like
    plain = like.replace("\r\n", "\n")
    end = plain[len(plain.rstrip()) :]
    old = json.loads(like)
    layouts = [
        {"indent": indent, "ensure_ascii": ascii_only, "separators": separators}
        for indent in (1, 2, 4, None, "\t", 0, 3)
        for ascii_only in (False, True)
        for separators in ((None, (",", ":")) if indent is None else (None,))
    ]
    layout = next((each for each in layouts if json.dumps(old, **each) == plain.rstrip()), layouts[0])  # type: ignore[arg-type]
    text = json.dumps(data, **layout) + end  # type: ignore[arg-type]
    return text.replace("\n", "\r\n") if crlf else text
