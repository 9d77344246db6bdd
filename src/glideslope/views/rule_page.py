"""The page of a rule, in Markdown, from its file: for the terminal, the documentation and SARIF."""

from __future__ import annotations

from textwrap import dedent

from ..checks.rule import Rule

NO_FIX = "By hand: `--fix` leaves it alone."


def rule_sections(rule: Rule) -> dict[str, str]:
    """Return the sections of a page by their headings, which are the same for every rule."""
    return {
        "What it finds": rule.finds.strip(),
        "Why it is bad": rule.why.strip(),
        "Example": f"```python\n{dedent(rule.example).strip()}\n```",
        "Use instead": _code(rule.instead),
        "Fix": rule.fix.strip() or NO_FIX,
    }


def rule_page(rule: Rule) -> str:
    """Return the page: code, name and severity, then the sections."""
    sections = "".join(f"\n## {head}\n\n{text}\n" for head, text in rule_sections(rule).items())
    return f"# {rule.code} {rule.name}\n\nSeverity: {rule.severity}.\n{sections}"


def _code(text: str) -> str:
    """A section that is a program stands in a fence; one that is prose stands as it is."""
    text = dedent(text).strip()
    is_program = "\n" in text and "`" not in text and any(sign in text for sign in ("(", "="))
    return f"```python\n{text}\n```" if is_program else text
