"""The source rules on whole small scripts, written in the many ways in which people write them.

``scripts/clean`` holds scripts with no mistake: the tool is silent. ``scripts/mistaken`` holds scripts with one, named
after its rule; the first line says where it is.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from glideslope.checks import Settings
from glideslope.checks.files import check_source, read
from glideslope.checks.source import RULES

SCRIPTS = Path(__file__).parent / "scripts"
CLEAN = sorted((SCRIPTS / "clean").glob("*.py"))
MISTAKEN = sorted((SCRIPTS / "mistaken").glob("*.py"))


def look(path: Path) -> list[tuple[str, int | None]]:
    return [(each.rule, each.line) for each in check_source(read(path.read_bytes(), path.name), Settings())]


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_nothing_is_said_of_a_clean_script(path: Path) -> None:
    assert look(path) == []


@pytest.mark.parametrize("path", MISTAKEN, ids=lambda path: path.stem)
def test_a_mistake_is_found_where_it_is_and_nothing_else(path: Path) -> None:
    expected = re.match(r"# expect: (\d+)\n", path.read_text(encoding="utf-8"))
    assert expected is not None
    assert look(path) == [(path.stem.partition("__")[0], int(expected[1]))]


def test_every_rule_has_scripts_with_its_mistake() -> None:
    assert {path.stem.partition("__")[0] for path in MISTAKEN} == {rule.name for rule in RULES}
