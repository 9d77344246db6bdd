"""Edits applied to a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .diagnostic import Edit

ENDS = re.compile(r"\r\n|\r|\n")
"""The ends of lines as Python counts them."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits that do not overlap; the ends of lines stay as they are, and new lines get the first one's end.

    >>> apply("a = 1\\r\\nb = 2\\r\\n", [Edit(2, 4, 2, 5, "3\\nc = 4")])
    'a = 1\\r\\nb = 3\\r\\nc = 4\\r\\n'
    """
    begins = [0, *(match.end() for match in ENDS.finditer(text))]
    first = ENDS.search(text)
    end = first.group() if first else "\n"
    for edit in sorted(edits, key=start_of, reverse=True):
        start, stop = (
            min(begins[line - 1] + column, len(text)) if line <= len(begins) else len(text)
            for line, column in ((edit.line, edit.column), (edit.end_line, edit.end_column))
        )
        text = text[:start] + edit.text.replace("\n", end) + text[stop:]
    return text


def start_of(edit: Edit) -> tuple[int, int]:
    """Where an edit begins."""
    return edit.line, edit.column


def touch(a: Edit, b: Edit) -> bool:
    """Whether two edits overlap, or meet so that their order would count."""
    return start_of(a) <= (b.end_line, b.end_column) and start_of(b) <= (a.end_line, a.end_column)
