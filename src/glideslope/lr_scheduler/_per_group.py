"""Arguments with one value for all param groups, or one for each."""

from typing import Any

from torch.optim import Optimizer

from .._check import Constraint, ListOf, Number, ScheduleError
from ..torch._groups import plain


def each_group(where: str, optimizer: Optimizer, value: object, constraint: Constraint | None = None) -> list[Any]:
    """Return a list with one checked value for each param group, or raise about ``where``."""
    rule, groups = constraint or Number(), len(optimizer.param_groups)
    given = plain(value)
    if not isinstance(given, (list, tuple)):
        return [rule.check(where, given)] * groups
    if len(given) != groups:
        raise ScheduleError.about(where, f"have one value for each of {groups} param groups", list(given))
    return [rule.check(where, each) for each in given]


class EachGroup(ListOf):
    """A list with a number for each param group, as a state has it."""

    def accept(self, value: object) -> Any:
        return list(super().accept(value))


EACH = EachGroup(Number())
