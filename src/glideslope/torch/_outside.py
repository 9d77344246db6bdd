"""Values outside the optimizer that follow the same clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, final

from .._check import Constraint, Maybe, Number, ScheduleError, check_fields
from ..schedule import Child, Schedule
from ._keys import keys_of
from ._tracks import as_schedule


@dataclass(frozen=True)
class Function(Constraint):
    """Something that can be called."""

    @property
    def text(self) -> str:
        return "a function"

    def accept(self, value: object) -> object:
        if not callable(value):
            raise ValueError
        return value


@final
@dataclass(frozen=True)
class Value:
    """A value outside the optimizer that follows the same clock: ``base * schedule(t)``.

    The base is the program's, not the checkpoint's. ``call`` gets the value when the scheduler is built or loaded, and
    at every step at which it has changed: to set a batch size, the weight of a loss, a temperature. Raises
    :class:`~glideslope.ScheduleError` for what is no schedule, a base < 0 and what cannot be called.

    >>> import torch, glideslope as gs
    >>> from glideslope.torch import Scheduler, Value
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> warmer = Value(gs.LinearDecay(4), base=2.0, call=print)
    >>> scheduler = Scheduler(optimizer, gs.Constant(), values={"temperature": warmer})
    2.0
    >>> optimizer.step()
    >>> scheduler.step()
    1.5
    >>> scheduler.value("temperature")
    1.5
    """

    schedule: Annotated[Schedule, Child(), "the schedule to follow"]
    base: Annotated[float, Number(ge=0), "the value where the factor is 1"] = 1.0
    call: Annotated[Callable[[float], object] | None, Maybe(Function()), "gets the value when it changes"] = None

    def __post_init__(self) -> None:
        check_fields(self, "Value", object.__setattr__)


@final
class Outside:
    """The values of one scheduler, and what each of them was last."""

    def __init__(self, groups: Sequence[Mapping[str, Any]], given: object) -> None:
        where = "Scheduler: `values`"
        if given is not None and not isinstance(given, Mapping):
            raise ScheduleError.about(where, "be a dict of names and schedules", given)
        self.values: dict[str, Value] = {}
        self.schedules: dict[str, Schedule] = {}
        self._told: dict[str, float] = {}
        for name, each in (given or {}).items():
            if not isinstance(name, str) or not name or "/" in name or name in (*keys_of(groups), "plateau"):
                hint = "A hyperparameter goes into the dict of schedules; values() uses `/` and `plateau` itself."
                raise ScheduleError.about(where, "have names of their own", name, hint)
            self.values[name] = each if isinstance(each, Value) else Value(as_schedule(f"{where}: {name!r}", each))

    def now(self, t: float) -> dict[str, float]:
        """Every value at time ``t``."""
        return {name: self.values[name].base * schedule(t) for name, schedule in self.schedules.items()}

    def forget(self) -> None:
        """Tell every value again, as if it had changed."""
        self._told = {}

    def tell(self, t: float) -> None:
        """Call the functions of the values that have changed."""
        for name, value in self.now(t).items():
            call = self.values[name].call
            if call is not None and self._told.get(name) != value:
                call(value)
                self._told[name] = value
