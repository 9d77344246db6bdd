"""A mistake that a running program makes: said under the code of its rule, and kept with the optimizer."""

from collections.abc import Iterable

from torch.optim import Optimizer
from torch.optim.lr_scheduler import EPOCH_DEPRECATION_WARNING

from ..checks import Diagnostic, check
from ..checks.catalogue import live_rule
from ..clock import Run
from ..schedule import Schedule
from ._groups import say
from ._updates import Updates


def tell(optimizer: Optimizer, rule: str, message: str, hint: str = "") -> None:
    """Warn at the user's line about a mistake, by the name of its rule."""
    say(str(_note(optimizer, rule, message, hint)))


def tell_once(optimizer: Optimizer, rule: str, message: str, hint: str = "") -> None:
    """The same, the first time for this optimizer."""
    if _is_new(optimizer, rule):
        tell(optimizer, rule, message, hint)


def tell_of_epoch_argument(optimizer: Optimizer) -> None:
    """Warn about ``step(epoch)`` in torch's words and as often as torch: programs have filters for them."""
    if _is_new(optimizer, "step-with-epoch-argument"):
        _note(optimizer, "step-with-epoch-argument", EPOCH_DEPRECATION_WARNING, "")
    say(EPOCH_DEPRECATION_WARNING)


def tell_of_plan(optimizer: Optimizer, schedules: Iterable[Schedule | None], run: Run) -> None:
    """Warn about every mistake in the schedules of the lr, against the run."""
    for schedule in dict.fromkeys(schedules):
        for found in check(schedule, run) if schedule is not None else ():
            Updates.of(optimizer).said.append(found)
            say(str(found))


def _is_new(optimizer: Optimizer, rule: str) -> bool:
    return all(each.rule != rule for each in Updates.of(optimizer).said)


def _note(optimizer: Optimizer, rule: str, message: str, hint: str) -> Diagnostic:
    known = live_rule(rule)
    found = Diagnostic(None, None, None, known.code, known.name, message, hint, known.severity)
    Updates.of(optimizer).said.append(found)
    return found
