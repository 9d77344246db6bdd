"""All rules, in the order of their codes: what the pages, the command line and the settings know of them."""

from functools import cache

from .rule import Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule there is."""
    from . import plan, source
    from .unreadable_file import UnreadableFile

    found: tuple[Rule, ...] = (UnreadableFile(), *plan.RULES, *getattr(source, "RULES", ()))
    return tuple(sorted(found, key=lambda rule: rule.code))
