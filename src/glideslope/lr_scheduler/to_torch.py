"""to_torch: the plain torch scheduler of a schedule, for a program that has to do without this package."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from operator import getitem
from types import MappingProxyType
from typing import Any

from torch.optim import Optimizer
from torch.optim import lr_scheduler as torchs

from .._check import MAX_STEP, Maybe, ScheduleError, Whole, check_value
from ..combine import Joined, Product, Warmup
from ..schedule import Schedule
from ..shapes import (
    Constant,
    CosineRestarts,
    CosineWave,
    ExponentialDecay,
    LinearDecay,
    MultiStepDecay,
    PiecewiseConstant,
    PiecewiseLinear,
    PolynomialDecay,
    StepDecay,
    Triangular,
)
from ..torch._groups import optimizer_of

MOST = 10_000_000
"""Steps of the longest table."""

_Made = Any
"""A scheduler of torch, or None."""


def to_torch(schedule: Schedule, optimizer: Optimizer, steps: int | None = None) -> torchs.LRScheduler:
    """Return a scheduler of torch itself that gives ``base_lr * schedule(t)`` at every step t.

    torch's class of that shape where it agrees at every step: StepLR, MultiStepLR, ExponentialLR, LinearLR, ConstantLR,
    PolynomialLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, and SequentialLR and ChainedScheduler of
    these. Any other one is a LambdaLR that looks the factor up in a table up to the schedule's horizon, and holds the
    last one; a schedule that has no horizon needs ``steps``, the length of the table. No function of this package is
    in what is returned. Raises :class:`~glideslope.ScheduleError` for no schedule, for one without horizon when
    ``steps`` is missing, and for tables of more than 10 000 000 steps.

    >>> import torch, glideslope as gs
    >>> from glideslope.lr_scheduler import to_torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> type(to_torch(gs.StepDecay(30), optimizer)).__name__
    'StepLR'
    """
    optimizer_of("to_torch", optimizer)
    if not isinstance(schedule, Schedule):
        raise ScheduleError.about("to_torch: `schedule`", "be a glideslope schedule", schedule)
    steps = check_value("to_torch", "steps", Maybe(Whole()), steps)
    schedule(0)  # refuses durations that no run has resolved
    return _made(schedule, optimizer) or _table(schedule, optimizer, steps)


def _made(schedule: Schedule, optimizer: Optimizer) -> _Made:
    """The scheduler torch has for it; None when there is none that agrees at every step."""
    make: Callable[[Any, Optimizer], _Made] | None = _CLASSES.get(type(schedule))
    return None if make is None else make(schedule, optimizer)


def _table(schedule: Schedule, optimizer: Optimizer, steps: int | None) -> torchs.LRScheduler:
    last = schedule.horizon if steps is None else steps - 1
    if last is None or last >= MOST:
        must = f"have a horizon below {MOST} steps to be written as a table"
        raise ScheduleError.about("to_torch: `schedule`", must, schedule, "Say how many `steps` it needs.")
    factors = [schedule(t) for t in range(last + 1)]
    table = defaultdict(partial(float, factors[-1]), enumerate(factors))
    look_up: Callable[[int], float] = partial(getitem, table)  # type: ignore[assignment]
    return torchs.LambdaLR(optimizer, look_up)


def _floor(end_factor: float, optimizer: Optimizer) -> float | None:
    """A factor as torch's absolute eta_min; None when the groups would need one each."""
    floors = {end_factor * float(group.get("initial_lr", group["lr"])) for group in optimizer.param_groups}
    return floors.pop() if len(floors) == 1 else None


def _constant(s: Any, o: Optimizer) -> _Made:
    return torchs.ConstantLR(o, s.factor, MAX_STEP) if s.factor <= 1 else None


def _multi_step(s: Any, o: Optimizer) -> _Made:
    return None if isinstance(s.gamma, tuple) else torchs.MultiStepLR(o, list(s.milestones), s.gamma)


def _linear(s: Any, o: Optimizer) -> _Made:
    return torchs.LinearLR(o, 1.0, s.end_factor, s.total_steps) if s.end_factor <= 1 else None


def _piecewise_linear(s: Any, o: Optimizer) -> _Made:
    (begin, start), (steps, end) = s.points[0], s.points[-1]
    fits = len(s.points) == 2 and begin == 0 and 0 < start <= 1 and end <= 1
    return torchs.LinearLR(o, start, end, steps) if fits else None


def _piecewise_constant(s: Any, o: Optimizer) -> _Made:
    fits = len(s.factors) == 2 and s.factors[1] == 1 and 0 < s.factors[0] <= 1
    return torchs.ConstantLR(o, s.factors[0], s.milestones[0]) if fits else None


def _polynomial(s: Any, o: Optimizer) -> _Made:
    return torchs.PolynomialLR(o, s.total_steps, s.power) if s.end_factor == 0 else None


def _wave(s: Any, o: Optimizer) -> _Made:
    floor = _floor(s.end_factor, o)
    return None if floor is None else torchs.CosineAnnealingLR(o, s.half_period, floor)


def _restarts(s: Any, o: Optimizer) -> _Made:
    floor = _floor(s.end_factor, o)
    if floor is None or s.gamma != 1:
        return None
    return torchs.CosineAnnealingWarmRestarts(o, s.period, s.t_mult, floor)


def _triangular(s: Any, o: Optimizer) -> _Made:
    peaks = [float(group.get("initial_lr", group["lr"])) for group in o.param_groups]
    bottoms: Any = [peak * s.start_factor for peak in peaks]
    sizes: Any = {"step_size_up": s.step_size_up, "step_size_down": s.step_size_down}
    return torchs.CyclicLR(o, bottoms, peaks, mode=s.mode, gamma=s.gamma, cycle_momentum=False, **sizes)


def _warmup(s: Any, o: Optimizer) -> _Made:
    if s.shape != "linear" or not 0 < s.start_factor <= 1 or not _multiplies(s.schedule):
        return None
    return torchs.ChainedScheduler([torchs.LinearLR(o, s.start_factor, 1.0, s.steps), _made(s.schedule, o)])


def _product(s: Any, o: Optimizer) -> _Made:
    return (
        torchs.ChainedScheduler([_made(each, o) for each in s.schedules])
        if all(map(_multiplies, s.schedules))
        else None
    )


def _joined(s: Any, o: Optimizer) -> _Made:
    if not all(_multiplies(each) or (isinstance(each, CosineWave) and each.end_factor == 0) for each in s.schedules):
        return None
    return torchs.SequentialLR(o, [_made(each, o) for each in s.schedules], list(s.milestones))


def _multiplies(s: Schedule) -> bool:
    """Whether torch's class of this shape multiplies whatever the lr is, and never by 0."""
    if isinstance(s, LinearDecay):
        return 0 < s.end_factor <= 1
    if isinstance(s, MultiStepDecay):
        return not isinstance(s.gamma, tuple)
    if isinstance(s, Constant):
        return 0 < s.factor <= 1
    return isinstance(s, (StepDecay, ExponentialDecay))


_CLASSES: Mapping[type, Callable[[Any, Optimizer], _Made]] = MappingProxyType(
    {
        StepDecay: lambda s, o: torchs.StepLR(o, s.step_size, s.gamma),
        ExponentialDecay: lambda s, o: torchs.ExponentialLR(o, s.gamma),
        Constant: _constant,
        MultiStepDecay: _multi_step,
        LinearDecay: _linear,
        PiecewiseLinear: _piecewise_linear,
        PiecewiseConstant: _piecewise_constant,
        PolynomialDecay: _polynomial,
        CosineWave: _wave,
        CosineRestarts: _restarts,
        Triangular: _triangular,
        Warmup: _warmup,
        Product: _product,
        Joined: _joined,
    }
)
