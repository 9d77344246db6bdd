"""The value itself: a schedule maps time to a factor."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ._check import MAX_STEP, Constraint, ScheduleError, check_fields, check_value, parameters, plain_number, shorten
from ._ops import PYTHON, Ops, numpy_ops, torch_ops
from .clock import Duration, Run, StepCount, Steps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

CHUNK = 1 << 14
"""Elements evaluated at a time, so that the intermediate arrays of a formula stay in the processor's cache."""

_S = TypeVar("_S", bound="Schedule")


class Schedule(ABC):
    """A frozen value that maps time to a factor of ``base_lr``.

    Time is counted in steps from 0. Call it with a Python number, a numpy array or a torch tensor: the same formula
    gives a float, a float64 array or a tensor on the same device. Before step 0 there is nothing to ask for: a
    negative time is refused (in a tensor, where looking would synchronise the device, it is read as step 0).

    >>> import glideslope as gs
    >>> s = gs.MultiStepDecay([30, 60], gamma=0.5)
    >>> s(0), s(30), s(60)
    (1.0, 0.5, 0.25)
    """

    __slots__ = ("_pending",)
    _pending: tuple[Duration, ...]
    __array_ufunc__ = None  # numpy numbers leave `number * schedule` to the schedule

    # -- what a shape writes -------------------------------------------------------------------------------------------

    @abstractmethod
    def _factor(self, t: Any, ops: Ops) -> Any:
        """The one formula: factor at ``t`` >= 0."""

    @property
    def horizon(self) -> int | None:
        """The last step the schedule says something new about; None when it has no end that it knows of."""
        self._must_be_resolved()
        return self._horizon()

    @abstractmethod
    def _horizon(self) -> int | None: ...

    def changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        """Return the steps in ``start <= t < stop`` at which the factor differs from the step before.

        None when the schedule is smooth somewhere in that window, so that any step may differ.
        Raises :class:`ScheduleError` for a window that is not 0 <= start <= stop.

        >>> import glideslope as gs
        >>> gs.MultiStepDecay([30, 60, 80]).changes(0, 90)
        (30, 60, 80)
        """
        self._must_be_resolved()
        first = check_value("changes", "start", Steps(ge=0), start)
        last = check_value("changes", "stop", Steps(ge=0), stop)
        if not first <= last:
            raise ScheduleError.about("changes: `stop`", f"be >= start = {first}", last)
        return self._changes(max(first, 1), last)

    def _changes(self, start: int, stop: int) -> tuple[int, ...] | None:
        """Smooth until the horizon, still after it; a staircase says better."""
        horizon = self._horizon()
        return () if start >= stop or (horizon is not None and start > horizon) else None

    def _real(self, steps: Iterable[int]) -> tuple[int, ...]:
        """Keep the steps at which the factor really differs from the one before."""
        return tuple(t for t in steps if self._factor(t, PYTHON) != self._factor(t - 1, PYTHON))

    def _cross_check(self) -> None:  # noqa: B027 - most shapes have no rule between fields
        """Rules between fields, each a full sentence."""

    def _prepare(self) -> None:  # noqa: B027 - most shapes have no table
        """Compute tables once, when no field waits for a run any more."""

    # -- construction --------------------------------------------------------------------------------------------------

    def __post_init__(self) -> None:
        check_fields(self, getattr(self, "_called", type(self).__name__), object.__setattr__)
        self._cross_check()
        object.__setattr__(self, "_pending", tuple(_durations(self)))
        if not self._pending:
            self._prepare()

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), {each.name: getattr(self, each.name) for each in fields(self) if each.init})  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._arguments())})"

    def _arguments(self, skip: int = 0) -> list[str]:
        """The constructor's arguments as text: required ones by place, others by name where they tell something."""
        out = []
        for each in parameters(type(self))[skip:]:
            value = getattr(self, each.name)
            if each.required:
                out.append(literal(value))
            elif each.shown or value != each.default:
                out.append(f"{each.name}={literal(value)}")
        return out

    # -- evaluation ----------------------------------------------------------------------------------------------------

    @overload
    def __call__(self, t: float) -> float: ...
    @overload
    def __call__(self, t: NDArray[Any]) -> NDArray[np.float64]: ...
    @overload
    def __call__(self, t: Tensor) -> Tensor: ...

    def __call__(self, t: float | NDArray[Any] | Tensor) -> float | NDArray[np.float64] | Tensor:
        """Return the factor at ``t``: a float for a number, an array for an array, a tensor for a tensor.

        Shape (n,) gives shape (n,), any shape gives the same shape. Integer tensors are evaluated in float64, or in
        float32 on a device that has no float64. Raises :class:`ScheduleError` for a time that is negative, not
        finite, or beyond 2**53, and for a schedule whose durations no run has resolved.
        """
        if self._pending:
            self._must_be_resolved()
        if (type(t) is int or type(t) is float) and 0 <= t <= MAX_STEP:
            return self._factor(t, PYTHON)  # type: ignore[no-any-return]
        return self._call_other(t)  # type: ignore[no-any-return]

    def _call_other(self, t: Any) -> Any:
        module = type(t).__module__
        if module.partition(".")[0] == "torch" or hasattr(t, "requires_grad"):
            return self._call_tensor(t)
        if module == "numpy" and t.ndim:
            return self._call_array(t)
        number = plain_number(t.item() if module == "numpy" else t)
        if number is None or not 0 <= number <= MAX_STEP:
            hint = (
                "For several times at once, pass an array: np.asarray(...)."
                if isinstance(t, (list, tuple, range))
                else ""
            )
            raise ScheduleError.about("Schedule: `t`", "be a step from 0 to 2**53", t, hint)
        return self._factor(number, PYTHON)

    def _call_array(self, t: Any) -> Any:
        ops = numpy_ops()
        np = ops.np
        if t.dtype.kind not in "iuf":
            raise ScheduleError.about("Schedule: `t`", "be an array of numbers", f"dtype {t.dtype}")
        if t.size and not (t.min() >= 0 and t.max() <= MAX_STEP):  # False for a NaN, too
            raise ScheduleError.about("Schedule: `t`", "be steps from 0 to 2**53", t)
        out = np.empty(t.shape)
        flat_in, flat_out = t.reshape(-1), out.reshape(-1)
        with np.errstate(over="ignore", under="ignore"):
            for at in range(0, t.size, CHUNK):
                flat_out[at : at + CHUNK] = self._factor(flat_in[at : at + CHUNK].astype(float), ops)
        return out

    def _call_tensor(self, t: Any) -> Any:
        ops = torch_ops()
        torch = ops.torch
        if t.is_complex() or t.dtype == torch.bool:
            raise ScheduleError.about("Schedule: `t`", "be a tensor of numbers", f"dtype {t.dtype}")
        dtype = torch.float32 if t.device.type == "mps" else torch.float64
        time = ops.at_least(t.to(dtype), 0.0)
        return self._factor(time, ops)

    def _must_be_resolved(self) -> None:
        if self._pending:
            raise ScheduleError(
                f"{type(self).__name__} must be resolved against a run before it is read, got '{self._pending[0]}' in "
                f"{shorten(self)}. Call .resolve(glideslope.Run(...)) first."
            )

    def resolve(self: _S, run: Run) -> _S:
        """Return the same schedule with every duration turned into steps of ``run``; itself when there is none.

        >>> import glideslope as gs
        >>> gs.MultiStepDecay(["30ep", "50%"]).resolve(gs.Run(epochs=90, steps_per_epoch=10))
        MultiStepDecay([300, 450], gamma=0.1)
        """
        if not isinstance(run, Run):
            raise ScheduleError.about("`run`", "be a glideslope.Run, such as Run(epochs=90)", run)
        if not self._pending:
            return self
        try:
            return _resolved(self, run)  # type: ignore[no-any-return]
        except ScheduleError as error:
            raise ScheduleError(f"{error} (resolving {shorten(self)} against {run.total_steps} {run.unit}s)") from None

    # -- algebra -------------------------------------------------------------------------------------------------------
    # combine.py is imported where it is used: it is made of schedules, and a schedule offers it as methods.

    def warmup(self, steps: StepCount, start_factor: float = 1 / 3, shape: str = "linear") -> Schedule:
        """Lay a warmup over the schedule: milestones keep counting from 0. See :class:`glideslope.combine.Warmup`."""
        from .combine import Warmup

        return Warmup(self, steps, start_factor, shape)

    def clip(self, low: float | None = None, high: float | None = None) -> Schedule:
        """Hold the factor inside [low, high]. See :class:`glideslope.combine.Clip`."""
        from .combine import Clip

        return Clip(self, low, high)

    def repeat(self, every: StepCount, times: int | None = None) -> Schedule:
        """Start again every ``every`` steps. See :class:`glideslope.combine.Repeat`."""
        from .combine import Repeat

        return Repeat(self, every, times)

    def stretch(self, by: float) -> Schedule:
        """Take ``by`` times as long: ``s.stretch(by)(t) == s(t / by)``. See :class:`glideslope.combine.Stretch`."""
        from .combine import Stretch

        return Stretch(self, by)

    def shift(self, steps: StepCount) -> Schedule:
        """Start ``steps`` later: ``s.shift(k)(t) == s(t - k)``. See :class:`glideslope.combine.Shift`."""
        from .combine import Shift

        return Shift(self, steps)

    def cooldown(self, start: StepCount, steps: StepCount, end_factor: float = 0.0, shape: str = "1-sqrt") -> Schedule:
        """Fall from wherever the schedule is at ``start``. See :class:`glideslope.combine.Cooldown`."""
        from .combine import Cooldown

        return Cooldown(self, start, steps, end_factor, shape)

    def hold(self, factor: float, start: StepCount, stop: StepCount | None = None) -> Schedule:
        """Hold one factor for start <= t < stop. See :class:`glideslope.combine.Hold`."""
        from .combine import Hold

        return Hold(self, factor, start, stop)

    def __mul__(self, other: Schedule | float) -> Schedule:
        """Return the product with a schedule or a number >= 0. See :class:`glideslope.combine.Product`."""
        from .combine import product

        return product(self, other)

    def __rmul__(self, other: float) -> Schedule:
        return self * other


@dataclass(frozen=True)
class Child(Constraint):
    """A schedule inside another one."""

    @property
    def text(self) -> str:
        return "a schedule"

    def accept(self, value: object) -> Schedule:
        if not isinstance(value, Schedule):
            raise ValueError
        return value


def literal(value: object) -> str:
    """Write a stored field value the way it is typed: tuples as lists, pairs as pairs, durations as text.

    >>> literal((1, 2))
    '[1, 2]'
    """
    if isinstance(value, Duration):
        return repr(str(value))
    if isinstance(value, tuple):
        pairs = all(isinstance(each, tuple) for each in value)
        return f"[{', '.join(f'({literal(each)[1:-1]})' if pairs else literal(each) for each in value)}]"
    return repr(value)


def _walk(value: Any, on_leaf: Callable[[Any], Any]) -> Any:
    """Apply ``on_leaf`` to every leaf of a field value: through tuples, not into schedules."""
    if isinstance(value, tuple):
        return tuple(_walk(each, on_leaf) for each in value)
    return on_leaf(value)


def _durations(schedule: Schedule) -> list[Duration]:
    found: list[Duration] = []

    def note(leaf: Any) -> None:
        if isinstance(leaf, Duration):
            found.append(leaf)
        elif isinstance(leaf, Schedule):
            found.extend(leaf._pending)

    for each in parameters(type(schedule)):
        _walk(getattr(schedule, each.name), note)
    return found


def _resolved(schedule: Any, run: Run) -> Any:
    def turn(leaf: Any) -> Any:
        if isinstance(leaf, Duration):
            return run.count(leaf)
        return _resolved(leaf, run) if isinstance(leaf, Schedule) and leaf._pending else leaf

    return type(schedule)(**{p.name: _walk(getattr(schedule, p.name), turn) for p in parameters(type(schedule))})


def _rebuild(cls: type[Schedule], values: dict[str, Any]) -> Schedule:
    return cls(**values)
