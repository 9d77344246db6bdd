"""What everything here that stands on an optimizer shares: its place in a combination, its copies, what it reads."""

from typing import Any

from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler as TorchLRScheduler

from .._check import Constraint, ScheduleError, check_value
from ..schedule import Schedule
from ..torch._groups import plain

Factors = float | list[float]
"""One factor for all param groups, or one for each."""


class Argument:
    """A constructor argument that stays settable on the live object: a new value gives the curve of that value.

    ``key`` is its name in the state and ``argument`` the constructor's; the attribute's own name when not given.
    """

    def __init__(self, constraint: Constraint, key: str = "", argument: str = "") -> None:
        self.constraint, self.key, self.argument = constraint, key, argument

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.key = name, self.key or name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        try:
            return instance.__dict__["_" + self.name]
        except KeyError:
            raise AttributeError(self.name) from None

    def __set__(self, instance: Any, value: object) -> None:
        key, had = "_" + self.name, instance.__dict__.get("_" + self.name)
        instance.__dict__[key] = self.check(type(instance).__name__, value)
        try:
            instance._rebuild()
        except ScheduleError:
            instance.__dict__[key] = had
            raise

    def __delete__(self, instance: Any) -> None:
        del instance.__dict__["_" + self.name]

    def check(self, where: str, value: object) -> Any:
        """Return the stored form of a value, or raise about ``where``."""
        return check_value(where, self.argument or self.key, self.constraint, plain(value))


class Node(TorchLRScheduler):
    """Base of everything here: torch's names for reading, and what a combination asks of its parts.

    A part can say the factors of any of its steps without touching anything (``_factors_at``), go to a step without
    writing the lr (``_go``), and go there and write it (``_update_lr``, torch's own name for that).
    """

    __slots__ = ()
    base_lrs: list[float]  # type: ignore[assignment]

    # -- what a combination asks ------------------------------------------------------------------------------------

    def _factors_at(self, t: Any) -> Factors:
        """The factors of ``_reference`` at epoch ``t``: pure, for any t."""
        raise NotImplementedError

    @property
    def _reference(self) -> list[float]:
        """The lrs that the factors and the schedules are factors of: the base, or the peak of a class with a max_lr."""
        return self.base_lrs

    def _go(self, epoch: Any) -> None:
        """Be at an epoch, without writing the lr; other keys of the groups that follow the schedule are written."""
        raise NotImplementedError

    def _update_lr(self, epoch: Any = None) -> None:
        """Go to an epoch and write its closed form, whatever the lr is now; torch's SequentialLR calls this, too."""
        raise NotImplementedError

    def _measure(self) -> None:
        """Know the base lr of param groups that were added to the optimizer since, and no more."""
        raise NotImplementedError

    def _adopt(self) -> None:
        """Take notice of param groups that were added to the optimizer since; somebody else writes their lr."""
        raise NotImplementedError

    def _join(self) -> None:
        """Let param groups that were added to the optimizer since join at the position of the run."""
        raise NotImplementedError

    def _advance(self, metrics: Any) -> None:
        """Be one epoch on, without writing the lr."""
        self._go(self.last_epoch + 1)

    @property
    def _wants_metric(self) -> bool:
        """Whether ``step(metric)`` has a use for the metric."""
        return False

    def _take_state(self, where: str, state: Any) -> None:
        """Take arguments and counters out of a state, and write nothing."""
        raise NotImplementedError

    def _resume(self, lrs: list[float]) -> None:
        """Go on at the present epoch, with these lrs in force."""
        raise NotImplementedError

    # -- reading ----------------------------------------------------------------------------------------------------

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The pure schedule of every param group. An absolute ``eta_min`` is a factor in it."""
        raise NotImplementedError

    @property
    def schedule(self) -> Schedule:
        """The pure schedule, for ``show`` and ``trace``.

        Raises :class:`~glideslope.ScheduleError` when the groups differ (then there is one for each in ``schedules``),
        and for a scheduler that has none because it calls a function or follows a metric.
        """
        schedules = self.schedules
        if any(each != schedules[0] for each in schedules):
            raise ScheduleError.about(
                f"{type(self).__name__}.schedule",
                "be the same for all param groups",
                list(schedules),
                "Read `schedules`.",
            )
        return schedules[0]

    def get_lr(self) -> list[float]:  # type: ignore[override]
        """Return the closed form at the present epoch for every group: pure in ``last_epoch``, safe at any time."""
        return self._lrs_at(self.last_epoch)

    def _get_closed_form_lr(self) -> list[float]:
        return self.get_lr()

    def _lrs_at(self, t: Any) -> list[float]:
        factors = self._factors_at(t)
        if isinstance(factors, float):
            return [lr * factors for lr in self._reference]
        return [lr * factor for lr, factor in zip(self._reference, factors, strict=True)]

    def get_last_lr(self) -> list[Any]:
        """Return the lr in use in every group, as a new list; tensors are copies."""
        return [
            group["lr"].clone() if isinstance(group["lr"], Tensor) else group["lr"]
            for group in self.optimizer.param_groups
        ]

    @property
    def _last_lr(self) -> list[Any]:  # type: ignore[override]  # what torch keeps under this name
        return self.get_last_lr()

    # -- copies -----------------------------------------------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, **{name: getattr(self, name) for name in self._slots() if hasattr(self, name)}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        slots = self._slots()
        for name, value in state.items():
            if name in slots:
                setattr(self, name, value)
            else:
                self.__dict__[name] = value

    @classmethod
    def _slots(cls) -> set[str]:
        return {name for base in cls.__mro__ for name in vars(base).get("__slots__", ())}

    # -- what a subclass in somebody's program adds ------------------------------------------------------------------

    def _own_attributes(self) -> dict[str, Any]:
        """What a subclass in somebody's program keeps on itself: torch's states hold it, so these do."""
        if type(self).__module__.startswith("glideslope."):
            return {}
        ours = _OURS | {"_" + each.name for each in self._declared().values()}
        return {name: value for name, value in self.__dict__.items() if name not in ours}

    def _take_own_attributes(self, state: Any) -> None:
        self.__dict__.update({name: state[name] for name in self._own_attributes() if name in state})

    # -- arguments --------------------------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        """Follow an argument that was set on the live object."""

    @classmethod
    def _declared(cls) -> dict[str, Argument]:
        found = {name: each for base in reversed(cls.__mro__) for name, each in vars(base).items()}
        return {each.key: each for each in found.values() if isinstance(each, Argument)}


def of_another_class(where: str, mine: type, whose: str) -> ScheduleError:
    """The error about a state that belongs to another class."""
    must = f"be of a scheduler of class {mine.__name__}, got that of {whose or 'another class'}"
    return ScheduleError(f"{where}: `state` must {must}.")


_OURS = {
    *("optimizer", "base_lrs", "last_epoch", "_step_count", "_get_lr_called_within_step", "_schedulers", "_milestones"),
    *("lr_lambdas", "_scale_fn_custom", "_given_base", "min_lrs", "best", "num_bad_epochs", "cooldown_counter"),
    *("_said", "_scales"),
}
"""Names in the ``__dict__`` of the classes here."""
