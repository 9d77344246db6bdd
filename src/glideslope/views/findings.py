"""Findings as text, as JSON, and as annotations of a GitHub workflow."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..checks import Diagnostic


def findings_text(found: Sequence[Diagnostic]) -> str:
    """Return one line for each: ``path:line:col CODE name: message hint``.

    >>> print(findings_text([Diagnostic("train.py", 3, 5, "GS101", "a-rule", "it is wrong.")]), end="")
    train.py:3:5 GS101 a-rule: it is wrong.
    """
    return "".join(" ".join(str(each).split("\n")) + "\n" for each in found)


def findings_json(found: Sequence[Diagnostic]) -> str:
    """Return a list of objects: path, line, column, code, rule, message, hint, severity, fixable."""
    return json.dumps([each.to_dict() for each in found], indent=2) + "\n"


def findings_github(found: Sequence[Diagnostic]) -> str:
    """Return one workflow command for each, which GitHub shows at the line.

    >>> print(findings_github([Diagnostic("a,b.py", 3, 5, "GS101", "a-rule", "100 % wrong.")]), end="")
    ::warning file=a%2Cb.py,line=3,col=5,title=GS101 a-rule::100 %25 wrong.
    """
    return "".join(map(_annotation, found))


def _annotation(found: Diagnostic) -> str:
    command = {"error": "error", "warning": "warning", "info": "notice"}[found.severity]
    place: dict[str, object] = {} if found.path is None else {"file": found.path}
    if found.path is not None and found.cell is None:  # a line of a cell is no line of the file
        place |= {"line": found.line, "col": found.column}
    place["title"] = f"{found.code} {found.rule}"
    values = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in place.items())
    said = found.to_dict()
    return f"::{command} {values}::{_escaped(' '.join(filter(None, (said['message'], said['hint']))))}\n"


def _escaped(text: str, also: str = "") -> str:
    """What GitHub's toolkit escapes: percent, the ends of lines and, in a property, colon and comma."""
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + also else sign for sign in text)
