"""Ratios against torch and numpy in one run: ``make bench``."""

import subprocess
import sys
import timeit
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler as them

import glideslope as gs
from glideslope import lr_scheduler as ours
from glideslope.torch import Scheduler
from ratio import Pair, paired

warnings.simplefilter("ignore")
COSINE = gs.CosineDecay(1_000_000).warmup(1000)
T = np.arange(1_000_000)


def report(benchmark: Any, pair: Pair, bar: float) -> None:
    benchmark.extra_info.update(
        ratio=round(pair.ratio, 4), bar=bar, ours_us=pair.ours * 1e6, theirs_us=pair.theirs * 1e6
    )
    times = f"{pair.ours * 1e6:.3f} us against {pair.theirs * 1e6:.3f} us"
    print(f"  {benchmark.name}: {times}, ratio {pair.ratio:.4f} (bar {bar})")
    assert pair.ratio <= bar


def stepping(make: Callable[[Any], Any], groups: int, tensor: bool) -> Callable[[], None]:
    lr: Any = torch.tensor(0.1) if tensor else 0.1
    params = [{"params": [torch.zeros(1)], "lr": lr.clone() if tensor else lr} for _ in range(groups)]
    optimizer = torch.optim.SGD(params, lr=0.1, momentum=0.9)
    scheduler = make(optimizer)
    optimizer.step()
    return scheduler.step  # type: ignore[no-any-return]


def warm_cosine(module: Any, optimizer: torch.optim.Optimizer) -> Any:
    parts = [module.LinearLR(optimizer, 0.1, 1.0, 1000), module.CosineAnnealingLR(optimizer, 10**6)]
    return module.SequentialLR(optimizer, parts, [1000])


def chained_cosine(module: Any, optimizer: torch.optim.Optimizer) -> Any:
    parts = [module.LinearLR(optimizer, 0.1, 1.0, 1000), module.CosineAnnealingLR(optimizer, 10**6)]
    return module.ChainedScheduler(parts)


ONE_OF_OURS = {
    "StepLR": (lambda o: ours.StepLR(o, 1000), lambda o: them.StepLR(o, 1000)),
    "MultiStepLR": (
        lambda o: ours.MultiStepLR(o, [30_000, 60_000, 80_000]),
        lambda o: them.MultiStepLR(o, [30_000, 60_000, 80_000]),
    ),
    "CosineAnnealingLR": (lambda o: ours.CosineAnnealingLR(o, 10**6), lambda o: them.CosineAnnealingLR(o, 10**6)),
    "OneCycleLR": (
        lambda o: ours.OneCycleLR(o, 0.1, total_steps=10**6),
        lambda o: them.OneCycleLR(o, 0.1, total_steps=10**6),
    ),
    "SequentialLR": (lambda o: warm_cosine(ours, o), lambda o: warm_cosine(them, o)),
    "ChainedScheduler": (lambda o: chained_cosine(ours, o), lambda o: chained_cosine(them, o)),
    "Scheduler": (
        lambda o: Scheduler(o, gs.CosineDecay(10**6), guard=False),
        lambda o: them.CosineAnnealingLR(o, 10**6),
    ),
    "Scheduler with guard and momentum": (
        lambda o: Scheduler(o, {"lr": gs.CosineDecay(10**6), "momentum": gs.LinearDecay(10**6)}),
        lambda o: them.CosineAnnealingLR(o, 10**6),
    ),
}


@pytest.mark.parametrize(
    ("name", "groups", "tensor", "bar"),
    [
        ("StepLR", 1, False, 0.35),
        ("StepLR", 1000, False, 0.01),
        ("StepLR", 100, True, 0.02),
        ("MultiStepLR", 1, False, 0.35),
        ("MultiStepLR", 1000, False, 0.01),
        ("MultiStepLR", 100, True, 0.02),
        ("CosineAnnealingLR", 1, False, 0.9),
        ("CosineAnnealingLR", 1000, False, 0.33),
        ("CosineAnnealingLR", 100, True, 0.2),
        ("OneCycleLR", 1, False, 0.6),
        ("SequentialLR", 100, False, 0.4),
        ("ChainedScheduler", 100, False, 0.4),
        ("Scheduler", 1, False, 1.0),
        ("Scheduler", 1000, False, 0.33),
        ("Scheduler", 100, True, 0.2),
        ("Scheduler with guard and momentum", 1, False, 1.5),
        ("Scheduler with guard and momentum", 1000, False, 0.66),
    ],
)
def test_step_against_torch(benchmark: Any, name: str, groups: int, tensor: bool, bar: float) -> None:
    mine, theirs = ONE_OF_OURS[name]
    pair = paired(stepping(mine, groups, tensor), stepping(theirs, groups, tensor))
    benchmark.pedantic(stepping(mine, groups, tensor), rounds=5, iterations=100)
    report(benchmark, pair, bar)


def test_a_million_points_against_a_bare_numpy_cosine(benchmark: Any) -> None:
    pair = paired(lambda: COSINE(T), lambda: 0.5 * (1 + np.cos(np.pi * T / 1_000_000)))
    benchmark.pedantic(lambda: COSINE(T), rounds=3)
    report(benchmark, pair, 2.5)


def test_a_scalar_call_of_cosine_with_warmup(benchmark: Any) -> None:
    """At most 2 us; recorded beside a bare math.cos formula, which tells how fast the machine was at that moment."""
    import math

    pair = paired(lambda: COSINE(5000), lambda: 0.5 * (1 + math.cos(math.pi * 5000 / 1_000_000)))
    benchmark(lambda: COSINE(5000))
    best = min(timeit.repeat(lambda: COSINE(5000), number=20_000, repeat=9)) / 20_000
    print(f"  a scalar call: {best * 1e6:.3f} us (bar 2)")
    benchmark.extra_info.update(best_us=best * 1e6, ratio=pair.ratio)
    assert best <= 2e-6


def test_importing_against_a_bare_interpreter(benchmark: Any) -> None:
    """``import glideslope`` within 150 ms of an interpreter that imports nothing."""

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    pair = paired(run("import glideslope"), run("pass"), rounds=9, seconds=0.01)
    benchmark.pedantic(run("import glideslope"), rounds=3)
    extra = (pair.ours - pair.theirs) * 1e3
    print(f"  import glideslope: {extra:.1f} ms over a bare interpreter (bar 150)")
    benchmark.extra_info.update(milliseconds=extra)
    assert extra <= 150
