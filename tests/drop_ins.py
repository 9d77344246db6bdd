"""One table: a drop-in, and the arguments for which torch's own class is right. One row buys every generic test in
test_drop_in_trajectories.py, test_drop_in_state.py and test_lr_scheduler.py.

Where torch is wrong the strategy is narrower than the class, and a comment says why; ours at those places is tested
beside the generic tests. Everywhere else a difference from torch is a bug of ours.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch.optim import lr_scheduler, swa_utils

from glideslope import lr_scheduler as ours

N = 60
"""Steps compared with torch."""

Arguments = dict[str, Any]
NAMES = [*lr_scheduler.__all__, "SWALR"]
NAMES.remove("LRScheduler")
OURS: Mapping[str, Any] = {name: getattr(ours, name) for name in NAMES}
TORCHS: Mapping[str, Any] = {name: getattr(lr_scheduler, name, None) or swa_utils.SWALR for name in NAMES}


@dataclass
class Values:
    """A function of the epoch that a checkpoint can keep: these values, over and over."""

    values: list[float]

    def __call__(self, t: float) -> float:
        return self.values[int(t) % len(self.values)]


def halving(t: float) -> float:
    """A function of the epoch of which a checkpoint keeps nothing."""
    return 0.5 ** (t / 10)


@dataclass(frozen=True)
class Row:
    name: str
    arguments: Callable[[int], st.SearchStrategy[Arguments]]
    """Random arguments for an optimizer with so many param groups."""
    example: Arguments
    bad: tuple[Arguments, ...] = ()
    """Arguments that are refused, each beside the rest of the example."""
    own_lr: float | None = None
    """The base lr of the example's schedule, for a class that names its lr itself."""
    pure: bool = True
    """Whether there is a schedule to show: it calls no function, and follows no metric."""


# -- random arguments -------------------------------------------------------------------------------------------------


def fixed(**arguments: st.SearchStrategy[Any]) -> Callable[[int], st.SearchStrategy[Arguments]]:
    return lambda groups: st.fixed_dictionaries(arguments)


def each(values: st.SearchStrategy[Any], groups: int) -> st.SearchStrategy[Any]:
    """One for all param groups, or a list with one for each."""
    return values | st.lists(values, min_size=groups, max_size=groups)


def functions(low: float, high: float) -> st.SearchStrategy[Any]:
    return st.just(halving) | st.builds(Values, st.lists(st.floats(low, high), min_size=1, max_size=30))


def one_function_or_more(low: float, high: float) -> Callable[[int], st.SearchStrategy[Arguments]]:
    return lambda groups: st.fixed_dictionaries({"lr_lambda": each(functions(low, high), groups)})


def cyclic(groups: int) -> st.SearchStrategy[Arguments]:
    return st.fixed_dictionaries(
        {
            "base_lr": each(st.floats(0.001, 0.1), groups),
            "max_lr": each(st.floats(0.1, 1), groups),
            "step_size_up": st.integers(1, 15),
            "step_size_down": st.none() | st.integers(1, 15),
            "mode": st.sampled_from(["triangular", "triangular2", "exp_range"]),
            "gamma": st.floats(0.9, 1),
            "scale_fn": st.none() | functions(0.1, 1),
            "scale_mode": st.sampled_from(["cycle", "iterations"]),
            "cycle_momentum": st.booleans(),
            "base_momentum": each(st.floats(0.5, 0.8), groups),
            "max_momentum": each(st.floats(0.8, 0.95), groups),
        }
    )


def one_cycle(groups: int) -> st.SearchStrategy[Arguments]:
    # torch's N-th step leaves a lr beyond the end and the next one raises: it is not asked for it.
    # torch divides by 0 where a phase has no length; with three phases of more than half it falls before it has risen.
    def torch_is_right(arguments: Arguments) -> bool:
        rise = arguments["pct_start"] * arguments["total_steps"] - 1
        return rise != 0 and (arguments["pct_start"] <= 0.5 or not arguments["three_phase"])

    return st.fixed_dictionaries(
        {
            "max_lr": each(st.floats(0.1, 1), groups),
            "total_steps": st.integers(2, 2 * N),
            "pct_start": st.floats(0, 1) | st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]),
            "anneal_strategy": st.sampled_from(["cos", "linear"]),
            "cycle_momentum": st.booleans(),
            "base_momentum": each(st.floats(0.5, 0.8), groups),
            "max_momentum": each(st.floats(0.8, 0.95), groups),
            "div_factor": st.floats(1, 50),
            "final_div_factor": st.floats(1, 1e4),
            "three_phase": st.booleans(),
        }
    ).filter(torch_is_right)


def sequences(groups: int) -> st.SearchStrategy[Arguments]:
    # torch: the constructor of a OneCycleLR spoils the lr of the parts before it, so it only stands first here;
    # a MultiplicativeLR that is not the first does not begin at the base lr; a nested SequentialLR or
    # ChainedScheduler changes the schedule or raises; a ReduceLROnPlateau is refused.
    later = [*ONE_FORMULA, "LambdaLR", "CosineAnnealingWarmRestarts", "CyclicLR", "SWALR"]
    first = parts(groups, [*later, "MultiplicativeLR", "OneCycleLR"])
    rests = st.lists(parts(groups, later), max_size=3)
    both = st.tuples(first, rests).filter(lambda both: apart([both[0], *both[1]]))
    return both.flatmap(
        lambda both: st.fixed_dictionaries(
            {
                "schedulers": st.just([both[0], *both[1]]),
                "milestones": st.lists(st.integers(0, 40), min_size=len(both[1]), max_size=len(both[1])).map(sorted),
            }
        )
    )


def chains(groups: int) -> st.SearchStrategy[Arguments]:
    # Ours is a product. torch's is one where every part multiplies the lr it finds. A part that writes its lr whatever
    # it was (LambdaLR, CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR) erases the others there; an absolute floor
    # (eta_min, swa_lr) is one of the product, not of the part; and a cosine rises again by a sum, past T_max. Where the
    # product has come to 0 there is nothing to scale, so a lr set after that stays; in torch each part goes on by
    # itself. So floors are 0 here, and what falls to 0 does so after the N steps; a chain of one has a test of its own.
    def never_0(part: tuple[str, Arguments]) -> tuple[str, Arguments]:
        name, arguments = part
        floors = {key: 0.0 for key in ("eta_min", "swa_lr") if key in arguments}
        ends = {"PolynomialLR": "total_iters", "CosineAnnealingLR": "T_max", "SWALR": "anneal_epochs"}
        later = {ends[name]: arguments[ends[name]] + N + 1} if name in ends else {}
        return name, {**arguments, **floors, **later}

    several = parts(groups, [*ONE_FORMULA, "MultiplicativeLR", "SWALR"]).map(never_0)
    return st.fixed_dictionaries({"schedulers": st.lists(several, min_size=1, max_size=4)})


def plateaus(groups: int) -> st.SearchStrategy[Arguments]:
    return st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["min", "max"]),
            "factor": st.floats(0.1, 0.9),
            "patience": st.integers(0, 4),
            "threshold": st.floats(0, 0.2),
            "threshold_mode": st.sampled_from(["rel", "abs"]),
            "cooldown": st.integers(0, 4),
            "min_lr": each(st.floats(0, 0.05), groups),
            "eps": st.sampled_from([0.0, 1e-8, 1e-3]),
        }
    )


def parts(groups: int, names: list[str]) -> st.SearchStrategy[tuple[str, Arguments]]:
    return st.sampled_from(names).flatmap(lambda name: st.tuples(st.just(name), BY_NAME[name].arguments(groups)))


def apart(parts: list[tuple[str, Arguments]]) -> bool:
    """Whether these can stand on one optimizer of torch: two that keep their arguments in its param groups cannot.

    The second OneCycleLR or CyclicLR replaces the first one's max_lr and momenta there, the second SWALR its swa_lr.
    """
    names = [*names_in(parts)]
    return names.count("SWALR") < 2 and names.count("CyclicLR") + names.count("OneCycleLR") < 2


def names_in(parts: list[tuple[str, Arguments]]) -> Iterator[str]:
    for name, arguments in parts:
        yield name
        yield from names_in(arguments.get("schedulers", []))


# -- the table --------------------------------------------------------------------------------------------------------

nan = float("nan")
ROWS = [
    Row(
        "StepLR",
        fixed(step_size=st.integers(1, 20), gamma=st.floats(0.1, 1.2)),
        {"step_size": 3, "gamma": 0.5},
        ({"step_size": 0}, {"step_size": 2.5}, {"step_size": -1}, {"gamma": 0.0}, {"gamma": nan}),
    ),
    Row(
        "MultiStepLR",
        fixed(milestones=st.lists(st.integers(1, 40), max_size=6), gamma=st.floats(0.1, 1.2)),
        {"milestones": [2, 5, 9], "gamma": 0.5},
        (
            {"milestones": [0, 3]},
            {"milestones": [2.5]},
            {"milestones": 30},
            {"milestones": None},
            {"milestones": ["a", 3]},
            {"milestones": [], "gamma": -1},
        ),
    ),
    Row(
        "ConstantLR",
        fixed(factor=st.floats(0.05, 1), total_iters=st.integers(1, 20)),  # torch divides by a factor of 0
        {"factor": 0.25, "total_iters": 6},
        ({"factor": -0.1}, {"factor": 1.5}, {"factor": nan}, {"total_iters": -1}, {"total_iters": 2.5}),
    ),
    Row(
        "LinearLR",
        # An end_factor of 0 is reached by a difference in torch: not quite 0.
        fixed(start_factor=st.floats(0.05, 1), end_factor=st.floats(0.05, 1), total_iters=st.integers(1, 20)),
        {"start_factor": 0.25, "end_factor": 0.75, "total_iters": 6},
        (
            {"start_factor": 0.0},
            {"start_factor": 1.5},
            {"end_factor": -0.1},
            {"end_factor": 1.5},
            {"total_iters": 0},
            {"total_iters": "6"},
        ),
    ),
    Row(
        "ExponentialLR",
        fixed(gamma=st.floats(0.5, 1.1)),
        {"gamma": 0.9},
        ({"gamma": -0.1}, {"gamma": 0.0}, {"gamma": None}),
    ),
    Row(
        "PolynomialLR",
        fixed(total_iters=st.integers(1, 70), power=st.floats(0.2, 3)),
        {"total_iters": 12, "power": 2.0},
        ({"total_iters": 0}, {"total_iters": 1.5}, {"power": 0.0}, {"power": nan}),
    ),
    Row(
        "CosineAnnealingLR",
        fixed(T_max=st.integers(1, 70), eta_min=st.floats(0, 0.05)),
        {"T_max": 7, "eta_min": 0.01},
        ({"T_max": 0}, {"T_max": 7.5}, {"eta_min": -1}, {"eta_min": "x"}),
    ),
    Row(
        "CosineAnnealingWarmRestarts",
        fixed(T_0=st.integers(1, 20), T_mult=st.integers(1, 3), eta_min=st.floats(0, 0.05)),
        {"T_0": 3, "T_mult": 2, "eta_min": 0.01},
        ({"T_0": 0}, {"T_0": 2.5}, {"T_mult": 0}, {"T_mult": 1.5}, {"eta_min": -1}, {"eta_min": nan}),
    ),
    Row(
        "CyclicLR",
        cyclic,
        {"base_lr": 0.1, "max_lr": 0.5, "step_size_up": 3, "step_size_down": 5, "mode": "triangular2"},
        (
            {"base_lr": -0.1},
            {"max_lr": nan},
            {"max_lr": [0.1, 0.2, 0.3]},
            {"step_size_up": 0},
            {"step_size_down": 2.5},
            {"mode": "square"},
            {"gamma": 0},
            {"scale_fn": 3},
            {"scale_mode": "epochs"},
            {"cycle_momentum": "yes"},
            {"max_momentum": "x"},
        ),
        own_lr=0.5,
    ),
    Row(
        "OneCycleLR",
        one_cycle,
        {"max_lr": 0.5, "total_steps": 20, "div_factor": 5.0, "final_div_factor": 10.0},
        (
            {"max_lr": -1},
            {"max_lr": None},
            {"total_steps": 0},
            {"total_steps": None},
            {"total_steps": 2.5},
            {"total_steps": None, "epochs": 3, "steps_per_epoch": 0},
            {"pct_start": 1.5},
            {"anneal_strategy": "cosine"},
            {"div_factor": 0},
            {"final_div_factor": -1},
            {"pct_start": 0.6, "three_phase": True},
            {"base_momentum": [0.8, 0.8, 0.8]},
        ),
        own_lr=0.5,
    ),
    Row(
        "LambdaLR",
        one_function_or_more(0.01, 2),
        {"lr_lambda": Values([1.0, 0.5, 0.75])},
        ({"lr_lambda": [halving, halving, halving]},),
        pure=False,
    ),
    Row(
        "MultiplicativeLR",
        one_function_or_more(0.5, 1.2),  # after a factor of 0 the product stays 0, in torch and here
        {"lr_lambda": Values([1.0, 0.5, 0.75, 1.5])},
        ({"lr_lambda": [halving, halving, halving]},),
        pure=False,
    ),
    Row(
        "SWALR",
        lambda groups: st.fixed_dictionaries(
            {
                "swa_lr": each(st.floats(0.001, 0.5), groups),
                "anneal_epochs": st.integers(0, 30),
                "anneal_strategy": st.sampled_from(["cos", "linear"]),
            }
        ),
        {"swa_lr": 0.05, "anneal_epochs": 6},
        (
            {"swa_lr": -0.1},
            {"swa_lr": [0.1, 0.1, 0.1]},
            {"anneal_epochs": -1},
            {"anneal_epochs": 2.5},
            {"anneal_strategy": "cosine"},
        ),
    ),
    Row(
        "SequentialLR",
        sequences,
        {
            "schedulers": [
                ("LinearLR", {"start_factor": 0.25, "total_iters": 4}),
                ("StepLR", {"step_size": 2, "gamma": 0.5}),
                ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
            ],
            "milestones": [4, 9],
        },
        (
            {"milestones": [4]},
            {"milestones": [9, 4]},
            {"milestones": [-1, 4]},
            {"milestones": [4, 9.5]},
            {"milestones": None},
        ),
    ),
    Row(
        "ChainedScheduler",
        chains,
        {
            "schedulers": [
                ("LinearLR", {"start_factor": 0.25, "total_iters": 4}),
                ("MultiStepLR", {"milestones": [2, 9], "gamma": 0.5}),
                ("CosineAnnealingLR", {"T_max": 30}),
            ]
        },
    ),
    Row(
        "ReduceLROnPlateau",
        plateaus,  # the metrics are positive: torch's relative mode takes a worse negative one for a better one
        {"factor": 0.5, "patience": 1, "cooldown": 1},
        (
            {"mode": "least"},
            {"factor": 0.0},
            {"factor": 1.0},
            {"patience": -1},
            {"patience": 1.5},
            {"threshold": -1e-4},
            {"threshold_mode": "relative"},
            {"cooldown": -1},
            {"min_lr": -0.1},
            {"min_lr": [0.0, 0.0, 0.0]},
            {"eps": nan},
        ),
        pure=False,
    ),
]
BY_NAME = {row.name: row for row in ROWS}
ONE_FORMULA = [
    "StepLR",
    "MultiStepLR",
    "ConstantLR",
    "LinearLR",
    "ExponentialLR",
    "PolynomialLR",
    "CosineAnnealingLR",
]


def life(arguments: Arguments) -> int:
    """The number of steps for which torch is right."""
    return min(
        [N, arguments.get("total_steps", N + 1) - 1, *(life(part) for _, part in arguments.get("schedulers", []))]
    )


# -- optimizers, and runs of them -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setup:
    """An optimizer to be: its class, and the lr of every param group, a number or (``tensors``) held in a tensor.

    The tensors are of float64: in a narrower type torch rounds at every step, and the difference is the finding.
    """

    cls: str
    lrs: tuple[float, ...]
    tensors: bool = False

    def optimizer(self) -> torch.optim.Optimizer:
        more = {"momentum": 0.85} if self.cls == "SGD" else {"betas": (0.85, 0.99)}
        groups = [{"params": [torch.zeros(1)], "lr": self._lr(lr)} for lr in self.lrs]
        return getattr(torch.optim, self.cls)(groups, lr=0.1, **more)

    def _lr(self, lr: float) -> Any:
        return torch.tensor(lr, dtype=torch.float64) if self.tensors else lr


setups = st.builds(
    Setup,
    st.sampled_from(["SGD", "Adam"]),
    st.lists(st.floats(0.01, 1.0), min_size=1, max_size=3).map(tuple),
    st.booleans(),
)
metric_sequences = st.lists(st.floats(0.01, 10), min_size=1, max_size=N)
BAD_NEWS = [3.0, 2.0, 2.0, 2.5, 1.0, 1.5, 1.0, 1.0]


def build(
    classes: Mapping[str, Any], optimizer: torch.optim.Optimizer, name: str, arguments: Arguments, **more: Any
) -> Any:
    """A scheduler; what it is made of comes as (name, arguments) too."""
    arguments = copy.deepcopy(arguments)
    if "schedulers" in arguments:
        arguments["schedulers"] = [build(classes, optimizer, *part) for part in arguments["schedulers"]]
    return classes[name](optimizer=optimizer, **arguments, **more)


def lrs(optimizer: torch.optim.Optimizer) -> list[float]:
    return [float(group["lr"]) for group in optimizer.param_groups]


def scheduled(optimizer: torch.optim.Optimizer) -> list[tuple[float, float, float]]:
    """The keys of every param group that some class writes: the lr, the momentum or beta1, and the beta2 beside it."""
    return [
        (float(group["lr"]), *(map(float, group["betas"]) if "betas" in group else (group["momentum"], 0.0)))
        for group in optimizer.param_groups
    ]


def advance(scheduler: Any, t: int, metrics: list[float]) -> None:
    """One step of a scheduler, with the metric of that epoch if it takes one."""
    if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau):
        scheduler.step(metrics[t % len(metrics)])
    else:
        scheduler.step()


def run(
    optimizer: torch.optim.Optimizer,
    *schedulers: Any,
    n: int,
    begin: int = 0,
    edits: Mapping[int, float] | None = None,
    metrics: list[float] = BAD_NEWS,
) -> np.ndarray:
    """What is scheduled before each of n steps, and after the last: an array of n + 1 epochs, param groups, keys.

    An edit is made by hand at the end of an epoch: the lr of that number in the first group, twice that in the second.
    """
    out = []
    for t in range(begin, begin + n):
        out.append(scheduled(optimizer))
        optimizer.step()
        for i, group in enumerate(optimizer.param_groups):
            if edits and t in edits:
                lr = edits[t] * (i + 1)
                group["lr"] = group["lr"].fill_(lr) if isinstance(group["lr"], torch.Tensor) else lr
        for scheduler in schedulers:
            advance(scheduler, t, metrics)
    return np.array([*out, scheduled(optimizer)])


def assert_same(mine: np.ndarray, theirs: np.ndarray, rel: float = 1e-9, nothing: float = 0.0) -> None:
    """The same to ``rel``; a 0 is 0, or a rounding error as small as ``nothing``."""
    assert mine.shape == theirs.shape
    np.testing.assert_allclose(mine, theirs, rtol=rel, atol=nothing)
