"""Writes a page for each rule of the checks, all of it read from the rule's file, and the index of them."""

from pathlib import Path

from glideslope.checks.catalogue import rules
from glideslope.views.rule_page import rule_page

KINDS = {"GS0": "Files", "GS1": "Plans", "GS2": "Scripts and notebooks", "GS3": "Running programs"}
"""What a rule looks at, by the beginning of its code."""


def build(app: object) -> None:
    """Write the pages before Sphinx reads its sources."""
    folder = Path(__file__).parents[1] / "rules"
    folder.mkdir(exist_ok=True)
    parts = ["# Rules\n\nWhat `glideslope check` and `glideslope.check` find, written from the files of the rules."]
    for start, kind in KINDS.items():
        some = [rule for rule in rules() if rule.code.startswith(start)]
        for rule in some:
            (folder / f"{rule.code}.md").write_text(rule_page(rule), encoding="utf-8")
        if some:
            pages = "\n".join(rule.code for rule in some)
            parts.append(f"## {kind}\n\n```{{toctree}}\n:maxdepth: 1\n\n{pages}\n```")
    (folder / "index.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def setup(app: object) -> dict[str, bool]:
    """Hook into Sphinx."""
    app.connect("builder-inited", build)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True}
