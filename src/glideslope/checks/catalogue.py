"""All rules, in the order of their codes: what the pages, the command line and the settings know of them."""

from .rule import Rule


def rules() -> tuple[Rule, ...]:
    """Every rule there is."""
    from .plan import RULES  # the rules are loaded when somebody asks

    return RULES
