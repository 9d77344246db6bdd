"""Findings as SARIF 2.1.0, the exchange format of code scanners.

A plain dict: the one maintained library, sarif-pydantic, would bring pydantic along to spell the same keys.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..checks import Diagnostic
from ..checks.catalogue import rules
from ..checks.rule import Rule
from .rule_page import rule_page

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def findings_sarif(found: Sequence[Diagnostic], root: Path) -> str:
    """Return the log of one run; paths are relative to ``root`` where they lie under it."""
    known = rules()
    driver = {"name": "glideslope", "version": __version__, "rules": [_rule(each) for each in known]}
    index = {(each.code, each.name): i for i, each in enumerate(known)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"uri": root.absolute().as_uri().rstrip("/") + "/"}},
        "results": [_result(each, index, root) for each in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    finds = " ".join(rule.finds.split())
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": f"{rule.name}: {finds.split('. ')[0].rstrip('.')}."},
        "fullDescription": {"text": finds},
        "help": {"text": rule_page(rule), "markdown": rule_page(rule)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(found: Diagnostic, index: dict[tuple[str, str], int], root: Path) -> dict[str, Any]:
    said = found.to_dict()
    out: dict[str, Any] = {
        "ruleId": found.code,
        "level": LEVELS[found.severity],
        "message": {"text": " ".join(filter(None, (said["message"], said["hint"])))},
    }
    if (found.code, found.rule) in index:
        out["ruleIndex"] = index[found.code, found.rule]
    if found.path is None:
        return out
    physical: dict[str, Any] = {"artifactLocation": _artifact(found.path, root)}
    if found.cell is None:
        physical["region"] = {"startLine": found.line or 1, "startColumn": found.column or 1}
        if found.edits:
            replacements = [
                {
                    "deletedRegion": {
                        "startLine": edit.line, "startColumn": edit.column + 1,
                        "endLine": edit.end_line, "endColumn": edit.end_column + 1,
                    },
                    "insertedContent": {"text": edit.text},
                }
                for edit in found.edits
            ]  # fmt: skip
            change = {"artifactLocation": _artifact(found.path, root), "replacements": replacements}
            out["fixes"] = [{"description": {"text": found.hint or found.rule}, "artifactChanges": [change]}]
    return {**out, "locations": [{"physicalLocation": physical}]}


def _artifact(path: str, root: Path) -> dict[str, str]:
    whole = Path(path).absolute()
    if whole.is_relative_to(root.absolute()):
        return {"uri": quote(os.fsencode(whole.relative_to(root.absolute()).as_posix())), "uriBaseId": "ROOT"}
    return {"uri": whole.as_uri()}
