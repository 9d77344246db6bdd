"""Moving a live run from torch's schedulers to ours, and a schedule back to plain torch."""

import copy
import math
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler as them
from torch.optim.swa_utils import SWALR

import glideslope as gs
from cases import CASES
from glideslope.lr_scheduler import ReduceLROnPlateau, SequentialLR, StepLR, from_torch, to_torch


def sgd(*lrs: float) -> torch.optim.SGD:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs or (0.1, 0.5)]
    return torch.optim.SGD(groups, lr=0.1, momentum=0.9)


def adam(*lrs: float) -> torch.optim.Adam:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs or (0.1, 0.5)]
    return torch.optim.Adam(groups)


def place(optimizer: torch.optim.Optimizer) -> list[tuple[float, float]]:
    return [(float(g["lr"]), g["momentum"] if "momentum" in g else g["betas"][0]) for g in optimizer.param_groups]


def steps(scheduler: Any, n: int, first: int = 0) -> list[Any]:
    """Place by place for n epochs, with a metric that gets worse for a scheduler that wants one."""
    out = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's schedulers call their own deprecated methods
        for t in range(first, first + n):
            out.append(place(scheduler.optimizer))
            scheduler.optimizer.step()
            scheduler.step(1.0 + t) if isinstance(scheduler, them.ReduceLROnPlateau) else scheduler.step()
    return out


def quarter(t: int) -> float:
    return 0.25 ** (t / 20)


LIVE: dict[str, Callable[[Any], Any]] = {
    "StepLR": lambda o: them.StepLR(o, 3, 0.5),
    "MultiStepLR": lambda o: them.MultiStepLR(o, [2, 5, 5, 9], 0.5),
    "ConstantLR": lambda o: them.ConstantLR(o, 0.5, 9),
    "LinearLR": lambda o: them.LinearLR(o, 0.2, 0.9, 12),
    "ExponentialLR": lambda o: them.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda o: them.PolynomialLR(o, 25, 2.0),
    "CosineAnnealingLR": lambda o: them.CosineAnnealingLR(o, 9, 0.01),
    "CosineAnnealingWarmRestarts": lambda o: them.CosineAnnealingWarmRestarts(o, 3, 2, 0.01),
    "CyclicLR": lambda o: them.CyclicLR(o, [0.01, 0.02], [0.1, 0.4], 3, 5, mode="triangular2"),
    "CyclicLR with a function": lambda o: them.CyclicLR(o, 0.01, 0.4, 3, scale_fn=quarter, scale_mode="iterations"),
    "OneCycleLR": lambda o: them.OneCycleLR(o, [0.1, 0.4], total_steps=30, three_phase=True, pct_start=0.4),
    "OneCycleLR without momentum": lambda o: them.OneCycleLR(
        o, 0.4, total_steps=30, cycle_momentum=False, div_factor=7
    ),
    "LambdaLR": lambda o: them.LambdaLR(o, [quarter, lambda t: 1 / (1 + t)]),
    "MultiplicativeLR": lambda o: them.MultiplicativeLR(o, lambda t: 1 - 0.1 / t),
    "SWALR": lambda o: SWALR(o, swa_lr=[0.02, 0.03], anneal_epochs=12),
    "ReduceLROnPlateau": lambda o: them.ReduceLROnPlateau(o, factor=0.5, patience=2, cooldown=1, min_lr=[0.01, 0.1]),
    "SequentialLR": lambda o: them.SequentialLR(
        o, [them.LinearLR(o, 0.1, 1.0, 4), them.CosineAnnealingLR(o, 9), them.StepLR(o, 4)], [4, 13]
    ),
    "ChainedScheduler": lambda o: them.ChainedScheduler([them.LinearLR(o, 0.1, 1.0, 9), them.ExponentialLR(o, 0.95)]),
    "ChainedScheduler in SequentialLR": lambda o: them.SequentialLR(
        o, [them.ConstantLR(o, 0.5, 4), them.MultiStepLR(o, [3, 9])], [4]
    ),
    "SequentialLR in ChainedScheduler": lambda o: them.ChainedScheduler(
        [them.SequentialLR(o, [them.LinearLR(o, 0.1, 1.0, 4), them.StepLR(o, 6)], [4])]
    ),
}


@pytest.mark.parametrize("make_optimizer", [sgd, adam])
@pytest.mark.parametrize("at", [0, 1, 4, 7])
@pytest.mark.parametrize("name", LIVE)
def test_a_live_scheduler_of_torch_goes_on_as_ours(name: str, at: int, make_optimizer: Callable[[], Any]) -> None:
    whole = steps(LIVE[name](make_optimizer()), 28)
    old = LIVE[name](make_optimizer())
    steps(old, at)
    before = place(old.optimizer)
    new = from_torch(old)
    assert place(old.optimizer) == before
    assert new.optimizer is old.optimizer
    assert type(new).__module__.startswith("glideslope.")
    assert type(new).__name__ == type(old).__name__
    got = steps(new, 28 - at, first=at)
    for mine, theirs in zip(got, whole[at:], strict=True):
        assert mine == [pytest.approx(pair, rel=1e-9) for pair in theirs]


def test_a_lr_that_was_changed_by_hand_is_kept_by_the_move() -> None:
    edited = []
    for move in (lambda scheduler: scheduler, from_torch):
        scheduler: Any = them.CosineAnnealingLR(sgd(), 20)
        steps(scheduler, 4)
        scheduler.optimizer.param_groups[0]["lr"] *= 0.5
        edited.append(steps(move(scheduler), 8))
    assert edited[1] == [[pytest.approx(pair, rel=1e-9) for pair in both] for both in edited[0]]


def test_what_cannot_be_moved_is_refused_and_one_of_ours_stays() -> None:
    class Mine(them.StepLR):
        pass

    with pytest.raises(gs.ScheduleError, match="from_torch: the scheduler must be of one of torch's own classes"):
        from_torch(Mine(sgd(), 3))
    with pytest.raises(gs.ScheduleError, match="must be of one of torch's own classes, got 3"):
        from_torch(3)
    ours = StepLR(sgd(), 3)
    assert from_torch(ours) is ours
    assert isinstance(from_torch(LIVE["SequentialLR"](sgd())), SequentialLR)
    assert isinstance(from_torch(LIVE["ReduceLROnPlateau"](sgd())), ReduceLROnPlateau)


# -- back to torch ---------------------------------------------------------------------------------------------------


def lengths() -> Iterator[Any]:
    seen: dict[str, int] = {}
    for case in CASES:
        text = repr(case.schedule)[:60]
        seen[text] = seen.get(text, 0) + 1
        yield pytest.param(case.schedule, id=f"{text} {seen[text]}")


@pytest.mark.parametrize("schedule", list(lengths()))
def test_the_plain_torch_scheduler_of_any_schedule_gives_its_values(schedule: gs.Schedule) -> None:
    for lrs in ((0.1,), (0.1, 0.5)):
        scheduler = to_torch(schedule, sgd(*lrs), steps=130)
        assert type(scheduler).__module__ == "torch.optim.lr_scheduler"
        for t, now in enumerate(steps(scheduler, 130)):
            assert [lr for lr, _ in now] == pytest.approx([lr * schedule(t) for lr in lrs], rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("spec", "cls"),
    [
        ("StepDecay(30)", "StepLR"),
        ("MultiStepDecay([30, 60])", "MultiStepLR"),
        ("MultiStepDecay([30, 60], gamma=[0.5, 0.1])", "LambdaLR"),
        ("ExponentialDecay(0.9)", "ExponentialLR"),
        ("LinearDecay(9)", "LinearLR"),
        ("PiecewiseLinear([(0, 0.1), (9, 1.0)])", "LinearLR"),
        ("PiecewiseConstant([9], [0.1, 1.0])", "ConstantLR"),
        ("Constant(0.5)", "ConstantLR"),
        ("PolynomialDecay(9)", "PolynomialLR"),
        ("CosineWave(9)", "CosineAnnealingLR"),
        ("CosineRestarts(9, t_mult=2)", "CosineAnnealingWarmRestarts"),
        ("Triangular(9)", "CyclicLR"),
        ("CosineDecay(9)", "LambdaLR"),
        ("OneCycle(9)", "LambdaLR"),
        ("StepDecay(30).warmup(5)", "ChainedScheduler"),
        ("StepDecay(30) * 0.5", "ChainedScheduler"),
        ("sequence([StepDecay(30), ExponentialDecay(0.9)], milestones=[40])", "SequentialLR"),
    ],
)
def test_torchs_own_class_is_taken_where_it_agrees_at_every_step(spec: str, cls: str) -> None:
    scheduler = to_torch(gs.parse(spec), sgd())
    assert type(scheduler) is getattr(them, cls)
    expected = gs.parse(spec)
    for t, ((lr, _), *_) in enumerate(steps(scheduler, 60)):
        assert lr == pytest.approx(0.1 * expected(t), rel=1e-9, abs=1e-15)


def test_what_is_returned_works_where_this_package_is_not_installed(tmp_path: Path) -> None:
    scheduler = to_torch(gs.CosineDecay(20).warmup(5), sgd(0.1))
    steps(scheduler, 3)
    (tmp_path / "scheduler").write_bytes(pickle.dumps(scheduler))
    code = """
import pickle, sys
scheduler = pickle.loads(open("scheduler", "rb").read())
for _ in range(30):
    scheduler.optimizer.step()
    scheduler.step()
    print(scheduler.get_last_lr()[0])
assert not any(name.startswith("glideslope") for name in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    expected = [0.1 * gs.CosineDecay(20).warmup(5)(t) for t in range(4, 34)]
    assert list(map(float, done.stdout.split())) == pytest.approx(expected, rel=1e-12, abs=1e-18)


def test_a_schedule_without_an_end_needs_to_know_how_many_steps_to_write() -> None:
    endless = gs.InverseSqrtDecay(10)
    with pytest.raises(gs.ScheduleError, match="have a horizon below 10000000 steps.* Say how many `steps` it needs"):
        to_torch(endless, sgd())
    assert steps(to_torch(endless, sgd(0.1), steps=40), 60)[59][0][0] == pytest.approx(0.1 * endless(39))
    with pytest.raises(gs.ScheduleError, match="horizon below"):
        to_torch(gs.CosineDecay(10**9), sgd())
    for bad, words in (
        (lambda: to_torch("StepDecay(3)", sgd()), "be a glideslope schedule"),
        (lambda: to_torch(endless, sgd(), steps=0), "`steps` must be"),
    ):  # type: ignore[arg-type]
        with pytest.raises(gs.ScheduleError, match=words):
            bad()
    with pytest.raises(gs.ScheduleError, match="must be resolved"):
        to_torch(gs.StepDecay("3ep"), sgd())


def test_a_plain_scheduler_and_ours_turn_into_each_other() -> None:
    schedule = gs.MultiStepDecay([3, 7], gamma=0.5)
    there = from_torch(to_torch(schedule, sgd(0.1)))
    assert there.schedule == schedule
    twin = copy.deepcopy(there)
    assert steps(twin, 9) == steps(there, 9)
    assert math.isclose(there.get_last_lr()[0], 0.025)
