"""All rules, in the order of their codes: what the pages, the command line, the settings and the guard know of them."""

from functools import cache

from .rule import Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule there is."""
    from . import live, plan, source
    from .unreadable_file import UnreadableFile

    found: tuple[Rule, ...] = (UnreadableFile(), *plan.RULES, *source.RULES, *live.RULES)
    return tuple(sorted(found, key=lambda rule: rule.code))


def live_rule(name: str) -> Rule:
    """The rule of this name for a running program: that for its source, where there is one."""
    return next(rule for rule in rules() if rule.name == name and rule.code[:3] in ("GS2", "GS3"))
