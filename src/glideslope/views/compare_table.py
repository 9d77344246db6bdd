"""The results of a comparison in the terminal: a table in 80 columns, then the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .compare_words import against, decimals, endings, mean_sd, metric_name, words
from .terminal import Screen


def rows(found: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of the table, as text."""
    digits = decimals(found)
    first = found["schedules"][0]["name"]
    first = first if len(first) <= 12 else "first"
    head = ["schedule", f"final {metric_name(found)}", "best", f"final against {first}", "95 % CI", "cells"]
    body = []
    for summary in found["schedules"]:
        pair = summary["against_first"] and summary["against_first"]["final"]
        final, best = (mean_sd(summary[key], digits) for key in ("final", "best"))
        body.append([summary["name"], final, best, *against(pair, digits), endings(summary)])
    return head, body


def note(found: Mapping[str, Any]) -> str:
    """Return how the table is to be read."""
    plan = found["plan"]
    better = "more" if found["mode"] == "max" else "less"
    return (
        f"mean ± sd over seeds ({plan['seeds']}), after up to {plan['epochs']} epochs; {better} is better; differences "
        "are paired by seed."
    )


def compare_text(found: Mapping[str, Any], screen: Screen) -> str:
    """Return the table and the words, as wide as the screen."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    head, body = rows(found)
    table = Table(
        box=box.SIMPLE_HEAD if screen.unicode else box.ASCII2, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0)
    )
    for place, name in enumerate(head):
        number = 0 < place < len(head) - 1  # a name is broken where it must be, a number never
        title = name.replace(" ", "\n", name.count(" ") - name.count(" (")) if name.startswith("final") else name
        justify: Any = "right" if number else "left"
        table.add_column(Text(title), justify=justify, overflow="fold", no_wrap=number, min_width=None if number else 8)
    for row in body:
        table.add_row(*map(Text, row))
    said = "\n".join(words(found))
    text = screen.text(table, Text(note(found), style="dim"), *[Text(f"\n{said}")] * bool(said))
    return text if screen.unicode else text.replace("±", "+-")
