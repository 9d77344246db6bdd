"""from_torch: a live scheduler of torch becomes one of ours, where it is."""

from collections.abc import Callable
from typing import Any

from torch.optim import lr_scheduler as torchs
from torch.optim import swa_utils

from .._check import ScheduleError, nearest
from ..torch._groups import put_back, snapshot
from ._loading import parts_of
from ._node import Node
from .chained_scheduler import ChainedScheduler
from .constant_lr import ConstantLR
from .cosine_annealing_lr import CosineAnnealingLR
from .cosine_annealing_warm_restarts import CosineAnnealingWarmRestarts
from .cyclic_lr import CyclicLR
from .exponential_lr import ExponentialLR
from .lambda_lr import LambdaLR
from .linear_lr import LinearLR
from .multi_step_lr import MultiStepLR
from .multiplicative_lr import MultiplicativeLR
from .one_cycle_lr import OneCycleLR
from .polynomial_lr import PolynomialLR
from .reduce_lr_on_plateau import ReduceLROnPlateau
from .sequential_lr import SequentialLR
from .step_lr import StepLR
from .swa_lr import SWALR


def from_torch(scheduler: Any) -> Any:
    """Return the scheduler of this package that goes on where a live one of torch is.

    Also for nested SequentialLR and ChainedScheduler. The optimizer is the same, its lr and momentum stay what they
    are; from now on step the new scheduler and not the old one. One of ours is returned as it is. Raises
    :class:`~glideslope.ScheduleError` for a class that is not torch's own, such as a subclass in your program.

    >>> import torch
    >>> from glideslope.lr_scheduler import from_torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> old = torch.optim.lr_scheduler.StepLR(optimizer, step_size=30)
    >>> from_torch(old).schedule
    StepDecay(30, gamma=0.1)
    """
    if isinstance(scheduler, Node):
        return scheduler
    for each in parts_of(scheduler):
        _must_be_known(each)
    groups = scheduler.optimizer.param_groups
    before = [snapshot(group) for group in groups]
    extra = [{key: group[key] for key in _CYCLE if key in group} for group in groups]
    try:
        new = _build(scheduler, extra)
        new._take_state("from_torch", scheduler.state_dict())
        new._resume([float(values["lr"]) for values in before])
    finally:
        for group, values, cycle in zip(groups, before, extra, strict=True):
            put_back(group, values)
            group.update(cycle)
    return new


_CYCLE = ("initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum", "swa_lr")
"""What the classes of a cycle leave in a group, for building reads and overwrites it."""


def _must_be_known(scheduler: Any) -> None:
    if type(scheduler) not in (*_BUILD, torchs.SequentialLR, torchs.ChainedScheduler):
        hint = nearest(type(scheduler).__name__, sorted(each.__name__ for each in _BUILD))
        raise ScheduleError.about("from_torch: the scheduler", "be of one of torch's own classes", scheduler, hint)


def _build(old: Any, extra: list[dict[str, Any]]) -> Any:
    for group, cycle in zip(old.optimizer.param_groups, extra, strict=True):
        group.update(cycle)
    if hasattr(old, "_schedulers"):
        parts = [_build(each, extra) for each in old._schedulers]
        if isinstance(old, torchs.SequentialLR):
            return SequentialLR(old.optimizer, parts, old._milestones)
        return ChainedScheduler(parts, old.optimizer)
    return _BUILD[type(old)](old)


def _same(ours: type, *names: str) -> Callable[[Any], Any]:
    """A class whose arguments are attributes of the same name."""
    return lambda old: ours(old.optimizer, **{name: getattr(old, name) for name in names})


def _functions(ours: type) -> Callable[[Any], Any]:
    return lambda old: ours(old.optimizer, list(old.lr_lambdas))


def _cyclic(old: Any) -> CyclicLR:
    up = round(old.total_size * old.step_ratio)
    momenta = {"base_momentum": old.base_momentums, "max_momentum": old.max_momentums} if old.cycle_momentum else {}
    return CyclicLR(
        old.optimizer,
        list(old.base_lrs),
        list(old.max_lrs),
        step_size_up=up,
        step_size_down=round(old.total_size) - up,
        mode=old.mode,
        gamma=old.gamma,
        scale_fn=old._scale_fn_custom,
        scale_mode=old.scale_mode,
        cycle_momentum=old.cycle_momentum,
        **momenta,
    )


def _one_cycle(old: Any) -> OneCycleLR:
    groups, phases = old.optimizer.param_groups, old._schedule_phases
    shown: Any = next((group for group in groups if float(group["min_lr"]) > 0), {})
    first = {key: float(shown.get(key, 1.0)) for key in ("initial_lr", "max_lr", "min_lr")}
    momenta: Any = (
        {key: [group[key] for group in groups] for key in ("base_momentum", "max_momentum")}
        if old.cycle_momentum
        else {}
    )
    return OneCycleLR(
        old.optimizer,
        [float(group["max_lr"]) for group in groups],
        total_steps=old.total_steps,
        pct_start=(phases[0]["end_step"] + 1) / old.total_steps,
        anneal_strategy=old._anneal_func_type,
        cycle_momentum=old.cycle_momentum,
        div_factor=first["max_lr"] / first["initial_lr"],
        final_div_factor=first["initial_lr"] / first["min_lr"],
        three_phase=len(phases) == 3,
        **momenta,
    )


def _swa(old: Any) -> SWALR:
    lrs = [float(group["swa_lr"]) for group in old.optimizer.param_groups]
    return SWALR(old.optimizer, lrs, old.anneal_epochs, old._anneal_strategy)


def _plateau(old: Any) -> ReduceLROnPlateau:
    names = ("mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "eps")
    least = old.min_lrs if old.default_min_lr is None else old.default_min_lr
    return ReduceLROnPlateau(old.optimizer, min_lr=least, **{name: getattr(old, name) for name in names})


_BUILD: dict[type, Callable[[Any], Any]] = {
    torchs.StepLR: _same(StepLR, "step_size", "gamma"),
    torchs.MultiStepLR: _same(MultiStepLR, "milestones", "gamma"),
    torchs.ConstantLR: _same(ConstantLR, "factor", "total_iters"),
    torchs.LinearLR: _same(LinearLR, "start_factor", "end_factor", "total_iters"),
    torchs.ExponentialLR: _same(ExponentialLR, "gamma"),
    torchs.PolynomialLR: _same(PolynomialLR, "total_iters", "power"),
    torchs.CosineAnnealingLR: _same(CosineAnnealingLR, "T_max", "eta_min"),
    torchs.CosineAnnealingWarmRestarts: _same(CosineAnnealingWarmRestarts, "T_0", "T_mult", "eta_min"),
    torchs.LambdaLR: _functions(LambdaLR),
    torchs.MultiplicativeLR: _functions(MultiplicativeLR),
    torchs.CyclicLR: _cyclic,
    torchs.OneCycleLR: _one_cycle,
    torchs.ReduceLROnPlateau: _plateau,
    swa_utils.SWALR: _swa,
}
