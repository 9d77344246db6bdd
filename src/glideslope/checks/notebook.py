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

_MAGIC = re.compile(r"(\s*)[%!?]|.*\?\s*$")
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


def _source(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _like(source: Any, text: str) -> Any:
    """Text the way the notebook keeps it: one string, or a list of lines with their ends."""
    return text if isinstance(source, str) else re.findall(r"[^\n]*\n|[^\n]+", text)


def _python(source: str) -> list[str]:
    """The lines of a cell as Python; what only IPython reads does nothing, at the same indent."""
    lines = source.split("\n")
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        parse(source)
        return lines  # nothing in it is for IPython alone
    if _WHOLE.match(source):
        return [f"#{line}" for line in lines]
    out: list[str] = []
    goes_on = False  # a command for the shell that is longer than its line
    for line in lines:
        taken = _TAKEN.match(line)
        if goes_on or (_MAGIC.match(line) and not line.lstrip().startswith("#")):
            indent = line[: len(line) - len(line.lstrip())]
            out.append(f"# {line}" if goes_on else f"{indent}pass  # {line.strip()}")
            goes_on = line.endswith("\\")
        elif taken:
            out.append(f"{taken[1]} = None  # {taken[2]}")
            goes_on = line.endswith("\\")
        else:
            out.append(line)
    return out


def _dump(data: Any, like: str) -> str:
    """JSON laid out as ``like`` is, so that nothing but the edit differs."""
    end = like[len(like.rstrip()) :]
    old = json.loads(like)
    for indent in (1, 2, 4, None, "\t"):
        for ascii_only in (False, True):
            layout: dict[str, Any] = {"indent": indent, "ensure_ascii": ascii_only}
            if json.dumps(old, **layout) == like.rstrip():
                return json.dumps(data, **layout) + end
    return json.dumps(data, indent=1, ensure_ascii=False) + end
