"""Findings as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..checks import Diagnostic


def findings_text(found: Sequence[Diagnostic]) -> str:
    """Return one line for each: ``CODE name: message hint``.

    >>> print(findings_text([Diagnostic(None, None, None, "GS101", "a-rule", "it is wrong.")]), end="")
    GS101 a-rule: it is wrong.
    """
    return "".join(" ".join(str(each).split("\n")) + "\n" for each in found)


def findings_json(found: Sequence[Diagnostic]) -> str:
    """Return a list of objects: path, line, column, code, rule, message, hint, severity, fixable."""
    return json.dumps([each.to_dict() for each in found], indent=2) + "\n"
