"""``glideslope rules``: what the checks look for."""

from __future__ import annotations

import inspect
import json
import textwrap
from typing import Annotated

import typer

from .._check import ScheduleError, nearest
from ..checks.catalogue import rules as catalogue
from ..checks.rule import Rule


def rules(
    which: Annotated[
        str | None, typer.Argument(metavar="[CODE|NAME]", help="The rule whose page is wanted; without, all of them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list of rules.")] = False,
) -> None:
    """List the rules of ``glideslope check``, or print the page of one."""
    chosen = catalogue() if which is None else tuple(rule for rule in catalogue() if which in (rule.code, rule.name))
    if not chosen:
        known = [*(rule.code for rule in catalogue()), *(rule.name for rule in catalogue())]
        hint = nearest(which or "", known)
        raise ScheduleError.about(
            "rules", "be given a code or a name", which, hint if hint.startswith("Did") else "See `glideslope rules`."
        )
    if as_json:
        print(json.dumps([_plain(rule) for rule in chosen], indent=2))
    elif which is None:
        print(_table(chosen), end="")
    else:
        from ..views.rule_page import rule_page

        print("\n".join(rule_page(rule) for rule in chosen), end="")


def _plain(rule: Rule) -> dict[str, str]:
    names = ("code", "name", "severity", "finds", "why", "example", "instead", "fix")
    return {name: str(getattr(rule, name)).strip() for name in names}


def _table(chosen: tuple[Rule, ...]) -> str:
    """Code, name, and what the rule is about, in 80 columns."""
    wide = max(len(rule.name) for rule in chosen)
    return "".join(
        textwrap.fill(
            inspect.getdoc(type(rule)).split("\n")[0].replace("``", "`"),  # type: ignore[union-attr]
            width=80,
            initial_indent=f"{rule.code}  {rule.name:<{wide}}  ",
            subsequent_indent=" " * (len(rule.code) + wide + 4),
        )
        + "\n"
        for rule in chosen
    )
