"""One table: an instance and its oracle, which is somebody else's code or a paper's formula. One row buys every generic
test in test_cases.py and, for its class, every bad-value test in test_bad_values.py."""

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.optim import lr_scheduler as them

import glideslope as gs

N = 130
"""Steps compared in every row."""


@dataclass(frozen=True)
class Case:
    schedule: gs.Schedule
    oracle: Callable[[], Sequence[float]]


def torch_lrs(make: Callable[[torch.optim.Optimizer], object], n: int = N) -> list[float]:
    """The lr that a scheduler of torch itself gives at each of n steps, for a base lr of 1."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own schedulers call their deprecated step(epoch) inside SequentialLR
        scheduler = make(optimizer)
        out = []
        for _ in range(n):
            out.append(float(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            scheduler.step()
    return out


def by_torch(name: str, **arguments: object) -> Callable[[], Sequence[float]]:
    return lambda: torch_lrs(lambda o: getattr(them, name)(o, **arguments))


def held(name: str, last: int, **arguments: object) -> Callable[[], Sequence[float]]:
    """torch's values up to step ``last``, held from there on."""

    def run() -> list[float]:
        values = torch_lrs(lambda o: getattr(them, name)(o, **arguments), last + 1)
        return (values + [values[-1]] * N)[:N]

    return run


def formula(f: Callable[[int], float]) -> Callable[[], Sequence[float]]:
    return lambda: [f(t) for t in range(N)]


def sequential(
    parts: Callable[[torch.optim.Optimizer], list[object]], milestones: list[int]
) -> Callable[[], Sequence[float]]:
    return lambda: torch_lrs(lambda o: them.SequentialLR(o, parts(o), milestones))  # type: ignore[arg-type]


def chained(parts: Callable[[torch.optim.Optimizer], list[object]]) -> Callable[[], Sequence[float]]:
    return lambda: torch_lrs(lambda o: them.ChainedScheduler(parts(o)))  # type: ignore[arg-type]


def drops(*steps: int, gamma: float = 0.1) -> Callable[[], Sequence[float]]:
    return by_torch("MultiStepLR", milestones=list(steps), gamma=gamma)


def rises_and_falls(mode: str, down: int = 20) -> Callable[[], Sequence[float]]:
    return by_torch(
        "CyclicLR",
        base_lr=0.1,
        max_lr=1.0,
        step_size_up=20,
        step_size_down=down,
        mode=mode,
        gamma=0.98,
        cycle_momentum=False,
    )


def one_cycle(**arguments: object) -> Callable[[], Sequence[float]]:
    return held("OneCycleLR", 99, max_lr=1.0, total_steps=100, cycle_momentum=False, **arguments)


CASES = [
    Case(gs.Constant(), by_torch("ConstantLR", factor=1.0, total_iters=1)),
    Case(gs.Constant(0.25), by_torch("ConstantLR", factor=0.25, total_iters=1000)),
    Case(gs.StepDecay(30), by_torch("StepLR", step_size=30)),
    Case(gs.StepDecay(7, gamma=0.5), by_torch("StepLR", step_size=7, gamma=0.5)),
    Case(gs.StepDecay(1, gamma=1.5), by_torch("StepLR", step_size=1, gamma=1.5)),
    Case(gs.MultiStepDecay([30, 60, 80]), drops(30, 60, 80)),
    Case(
        gs.MultiStepDecay([10, 20, 30], gamma=[0.5, 0.2, 0.1]),
        formula(lambda t: 1.0 if t < 10 else 0.5 if t < 20 else 0.1 if t < 30 else 0.01),
    ),
    Case(gs.MultiStepDecay([2, 2, 100], gamma=0.5), drops(2, 2, 100, gamma=0.5)),
    Case(
        gs.MultiStepDecay(range(1, 101), gamma=0.9), by_torch("MultiStepLR", milestones=list(range(1, 101)), gamma=0.9)
    ),
    Case(gs.ExponentialDecay(0.95), by_torch("ExponentialLR", gamma=0.95)),
    Case(gs.LinearDecay(100), by_torch("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=100)),
    Case(gs.LinearDecay(50, end_factor=0.1), by_torch("LinearLR", start_factor=1.0, end_factor=0.1, total_iters=50)),
    Case(gs.PolynomialDecay(100), by_torch("PolynomialLR", total_iters=100)),
    Case(gs.PolynomialDecay(90, power=2.5), by_torch("PolynomialLR", total_iters=90, power=2.5)),
    Case(
        gs.PolynomialDecay(90, power=0.5, end_factor=0.2),
        formula(lambda t: (1 - 0.2) * (1 - min(t, 90) / 90) ** 0.5 + 0.2),  # Keras' PolynomialDecay, its docstring
    ),
    Case(gs.CosineDecay(100), held("CosineAnnealingLR", 100, T_max=100)),
    Case(gs.CosineDecay(60, end_factor=0.1), held("CosineAnnealingLR", 60, T_max=60, eta_min=0.1)),
    Case(gs.CosineWave(40), by_torch("CosineAnnealingLR", T_max=40)),
    Case(gs.CosineWave(33, end_factor=0.2), by_torch("CosineAnnealingLR", T_max=33, eta_min=0.2)),
    Case(gs.CosineRestarts(40), by_torch("CosineAnnealingWarmRestarts", T_0=40)),
    Case(
        gs.CosineRestarts(10, t_mult=2, end_factor=0.1),
        by_torch("CosineAnnealingWarmRestarts", T_0=10, T_mult=2, eta_min=0.1),
    ),
    Case(
        gs.CosineRestarts(10, t_mult=2, gamma=0.5),  # torch's curve, halved at each of its restarts
        lambda: [
            lr * 0.5 ** sum(t >= restart for restart in (10, 30, 70))
            for t, lr in enumerate(by_torch("CosineAnnealingWarmRestarts", T_0=10, T_mult=2)())
        ],
    ),
    Case(gs.InverseSqrtDecay(25), formula(lambda t: max(t, 25) ** -0.5 / 25**-0.5)),  # T5: 1 / sqrt(max(n, k))
    Case(
        gs.InverseSqrtDecay(25).warmup(25, start_factor=0.0),  # Vaswani et al. eq. 3, over its peak
        formula(lambda t: min(t**-0.5 if t else math.inf, t * 25**-1.5) / 25**-0.5),
    ),
    Case(gs.Power(20), formula(lambda t: min(1.0, 20**0.51 * t**-0.51 if t else math.inf))),  # min(lr_max, a * n**b)
    Case(
        gs.PiecewiseLinear([(3, 0.1), (15, 1.0), (60, 0.0), (90, 0.5)]),
        lambda: np.interp(range(N), [3, 15, 60, 90], [0.1, 1.0, 0.0, 0.5]).tolist(),
    ),
    Case(gs.PiecewiseLinear([(0, 0.0), (1, 1.0)]), lambda: np.interp(range(N), [0, 1], [0.0, 1.0]).tolist()),
    Case(
        gs.PiecewiseConstant([10, 20], factors=[1.0, 0.3, 0.02]),
        lambda: np.select([np.arange(N) < 10, np.arange(N) < 20], [1.0, 0.3], 0.02).tolist(),
    ),
    Case(gs.OneCycle(100), one_cycle()),
    Case(
        gs.OneCycle(100, pct_start=0.4, anneal="linear", div_factor=10),
        one_cycle(pct_start=0.4, anneal_strategy="linear", div_factor=10),
    ),
    Case(gs.OneCycle(100, three_phase=True), one_cycle(three_phase=True)),
    Case(
        gs.OneCycle(100, pct_start=0.33, anneal="linear", final_div_factor=100, three_phase=True),
        one_cycle(pct_start=0.33, anneal_strategy="linear", final_div_factor=100, three_phase=True),
    ),
    Case(gs.Triangular(20), rises_and_falls("triangular")),
    Case(gs.Triangular(20, 13, mode="triangular2"), rises_and_falls("triangular2", 13)),
    Case(gs.Triangular(20, 7, mode="exp_range", gamma=0.98), rises_and_falls("exp_range", 7)),
    Case(
        gs.WarmupStableDecay(100, 10, 20, shape="linear"),
        lambda: np.interp(range(N), [0, 10, 80, 100], [0.0, 1.0, 1.0, 0.0]).tolist(),
    ),
    Case(
        gs.WarmupStableDecay(100, 10, 20, shape="cosine", start_factor=0.5),
        sequential(
            lambda o: [
                them.LinearLR(o, 0.5, 1.0, 10),
                them.ConstantLR(o, 1.0),
                them.CosineAnnealingLR(o, 20),
                them.ConstantLR(o, 0.0, 1000),
            ],
            [10, 80, 100],
        ),
    ),
    Case(
        gs.WarmupStableDecay(120, 0, 40, shape="exponential", end_factor=0.01),
        sequential(
            lambda o: [
                them.ConstantLR(o, 1.0),
                them.ExponentialLR(o, 0.01 ** (1 / 40)),
                them.ConstantLR(o, 0.01, 1000),
            ],
            [80, 120],
        ),
    ),
    Case(
        gs.WarmupStableDecay(
            100, 0, 20
        ),  # Hägele et al. 2024: f(n, N, N_decay) = 1 - sqrt((n - (N - N_decay)) / N_decay)
        formula(lambda t: 1.0 if t < 80 else 1 - math.sqrt((min(t, 100) - (100 - 20)) / 20)),
    ),
    Case(gs.Rex(100), formula(lambda t: (1 - min(t, 100) / 100) / (1 / 2 + 1 / 2 * (1 - min(t, 100) / 100)))),
    Case(
        gs.MultiStepDecay([30, 60, 80]).warmup(5),
        chained(lambda o: [them.LinearLR(o, 1 / 3, 1.0, 5), them.MultiStepLR(o, [30, 60, 80])]),
    ),
    Case(
        gs.StepDecay(7, gamma=0.5).warmup(20, start_factor=0.01, shape="exponential"),
        lambda: [
            a * b
            for a, b in zip(
                [0.01 ** (1 - min(t, 20) / 20) for t in range(N)],
                by_torch("StepLR", step_size=7, gamma=0.5)(),
                strict=True,
            )
        ],
    ),
    Case(
        gs.ExponentialDecay(0.99).warmup(20, start_factor=0.0, shape="cosine"),  # the rising half of torch's cosine
        lambda: [
            a * b
            for a, b in zip(
                by_torch("CosineAnnealingLR", T_max=20)()[20:40] + [1.0] * (N - 20),
                by_torch("ExponentialLR", gamma=0.99)(),
                strict=True,
            )
        ],
    ),
    Case(
        gs.sequence([gs.Constant(0.1), gs.ExponentialDecay(0.9), gs.StepDecay(10)], milestones=[20, 50]),
        sequential(lambda o: [them.ConstantLR(o, 0.1, 1000), them.ExponentialLR(o, 0.9), them.StepLR(o, 10)], [20, 50]),
    ),
    Case(
        gs.ExponentialDecay(0.97) * gs.StepDecay(30, gamma=0.5) * 0.5,
        chained(lambda o: [them.ExponentialLR(o, 0.97), them.StepLR(o, 30, 0.5), them.ConstantLR(o, 0.5, 1000)]),
    ),
    Case(
        gs.StepDecay(30).clip(low=0.05, high=0.5),
        lambda: np.clip(by_torch("StepLR", step_size=30)(), 0.05, 0.5).tolist(),
    ),
    Case(gs.CosineDecay(40).repeat(40), by_torch("CosineAnnealingWarmRestarts", T_0=40)),
    Case(
        gs.CosineDecay(40).repeat(40, times=2),
        lambda: [*by_torch("CosineAnnealingWarmRestarts", T_0=40)()[:80], *[0.0] * (N - 80)],
    ),
    Case(gs.MultiStepDecay([3, 6]).stretch(10), drops(30, 60)),
    Case(gs.MultiStepDecay([300, 601]).stretch(0.1), drops(30, 61)),
    Case(gs.StepDecay(30).shift(15), lambda: [1.0] * 15 + by_torch("StepLR", step_size=30)()[: N - 15]),
    Case(gs.StepDecay(30).shift(-10), lambda: torch_lrs(lambda o: them.StepLR(o, 30), N + 10)[10:]),
    Case(  # Hägele et al. 2024: the trunk, and the 1-sqrt cooldown where it is left
        gs.Constant().warmup(10, start_factor=0.0).cooldown(80, 20),
        formula(lambda t: min(t, 10) / 10 if t < 80 else 1 - math.sqrt((min(t, 100) - 80) / 20)),
    ),
    Case(
        gs.ExponentialDecay(0.97).cooldown(50, 30, end_factor=0.05, shape="linear"),
        lambda: np.where(
            np.arange(N) < 50,
            by_torch("ExponentialLR", gamma=0.97)(),
            np.interp(np.arange(N), [50, 80], [0.97**50, 0.05]),
        ).tolist(),
    ),
    Case(
        gs.StepDecay(30).cooldown(40, 20, end_factor=0.001, shape="exponential"),
        lambda: np.concatenate(
            [by_torch("StepLR", step_size=30)()[:40], np.geomspace(0.1, 0.001, 21), [0.001] * (N - 61)]
        ).tolist(),
    ),
    Case(gs.Constant(0.5).cooldown(40, 20, end_factor=0.5, shape="cosine"), lambda: [0.5] * N),
    Case(
        gs.StepDecay(30).hold(0.25, start=20, stop=70),
        lambda: [0.25 if 20 <= t < 70 else x for t, x in enumerate(by_torch("StepLR", step_size=30)())],
    ),
    Case(
        gs.ExponentialDecay(0.9).hold(0.5, start=100),
        lambda: [*by_torch("ExponentialLR", gamma=0.9)()[:100], *[0.5] * (N - 100)],
    ),
]
