"""Places in the text: lines, columns in characters, and edits."""

from __future__ import annotations

import ast
import re

from ..diagnostic import Edit

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
Place = tuple[int, int, int, int]


class Text:
    """The text of a file and what stands where. ``ast`` counts columns in bytes; everything here is in characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = re.split(r"\r\n|[\n\r]", text)

    def column(self, line: int, offset: int) -> int:
        """Return the column, in characters from 0, of a byte offset in a line."""
        if not 1 <= line <= len(self.lines):
            return offset
        row = self.lines[line - 1]
        return offset if row.isascii() else len(row.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))

    def place(self, node: ast.AST) -> Place:
        """Return line, column, end line and end column of a node; lines from 1, columns from 0."""
        line: int = getattr(node, "lineno", 1)
        end: int = getattr(node, "end_lineno", None) or line
        start: int = getattr(node, "col_offset", 0)
        stop: int = getattr(node, "end_col_offset", None) or 0
        return line, self.column(line, start), end, self.column(end, stop)

    def cut(self, place: Place) -> str:
        """Return the text of a place that lies on one line."""
        line, column, _, stop = place
        return self.lines[line - 1][column:stop]

    def replace(self, place: Place, new: str) -> Edit:
        """Return the edit that puts ``new`` there."""
        return Edit(*place, new)

    def is_comma(self, line: int, column: int, end: int, stop: int) -> bool:
        """Whether nothing but a comma and space stand between two places: no comment and no bracket."""
        rows = self.lines[line - 1 : end]
        if line == end:
            between = rows[0][column:stop]
        else:
            between = " ".join((rows[0][column:], *rows[1:-1], rows[-1][:stop]))
        return between.strip() == ","

    def alone(self, node: ast.stmt) -> bool:
        """Whether a statement has its line to itself."""
        line, column, end, stop = self.place(node)
        if line != end:
            return False
        row = self.lines[line - 1]
        return not row[:column].strip() and (not row[stop:].strip() or row[stop:].lstrip().startswith("#"))


def shown(node: ast.AST, limit: int = 40) -> str:
    """Return an expression as text, shortened."""
    text = ast.unparse(node)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def num(value: float) -> str:
    """Return a number as people write it."""
    return str(int(value)) if value == int(value) else f"{value:.6g}"


def words(name: str) -> list[str]:
    """Return the words of a name, in lower case: ``valLoss_mean`` is val, loss, mean."""
    return [each.lower() for each in _WORDS.findall(name)]


def own_name(node: ast.AST) -> str:
    """Return the name of a name, the last one of an attribute; an empty text for anything else."""
    return str(getattr(node, "attr", getattr(node, "id", "")))
