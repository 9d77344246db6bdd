"""Edges that the table of cases and the laws walk past."""

from typing import Any

import numpy as np
import pytest
import torch

import glideslope as gs
from glideslope import lr_scheduler as ours
from glideslope.torch import Scheduler


def sgd(lr: float = 0.1, params: Any = None) -> torch.optim.Optimizer:
    return torch.optim.SGD(params or [torch.nn.Parameter(torch.zeros(1))], lr=lr)


@pytest.mark.parametrize(
    ("schedule", "horizon"),
    [
        (gs.Constant().repeat(5), 0),
        (gs.Constant().shift(3), 0),
        (gs.Constant(0.5).warmup(4, start_factor=1.0), 0),
        (gs.LinearDecay(10).shift(-20), 0),
        (gs.MultiStepDecay([5, 9], gamma=[0.5, 1.0]), 5),
        (gs.MultiStepDecay([5], gamma=1.0), 0),
        (gs.PiecewiseConstant([5, 9], factors=[1.0, 1.0, 1.0]), 0),
        (gs.PiecewiseLinear([(2, 1.0), (5, 0.5), (9, 0.5)]), 5),
        (gs.StepDecay(3, gamma=1.0), 0),
        (gs.ExponentialDecay(1.0), 0),
        (gs.CosineDecay(9, end_factor=1.0), 0),
        (gs.WarmupStableDecay(9, 2, 3, end_factor=1.0), 2),
        (gs.WarmupStableDecay(9, 2, 3, start_factor=1.0, end_factor=1.0), 0),
        (gs.LinearDecay(10).stretch(0.25), 3),
        (gs.LinearDecay(10).repeat(7, times=3), 24),
    ],
    ids=repr,
)
def test_a_schedule_that_says_nothing_new_has_an_early_horizon(schedule: gs.Schedule, horizon: int) -> None:
    assert schedule.horizon == horizon
    assert {schedule(horizon + k) for k in range(20)} == {schedule(horizon)}


def test_a_factor_too_large_for_float64_is_inf_for_every_kind_of_number() -> None:
    s = gs.StepDecay(1, gamma=10.0)
    assert s(400) == float("inf")
    assert s(np.array([1, 400])).tolist() == [10.0, float("inf")]
    assert s(torch.tensor([1, 400])).tolist() == [10.0, float("inf")]


def test_a_sequence_that_fills_its_window_exactly_stays_as_written() -> None:
    inner = gs.sequence([gs.Constant(0.5), gs.Constant(0.25)], [5])
    at_the_end, inside = gs.sequence([inner, gs.Constant()], [5]), gs.sequence([inner, gs.Constant()], [6])
    assert repr(at_the_end).count("sequence") == 2
    assert repr(inside).count("sequence") == 1
    assert [at_the_end(t) for t in (4, 5)] == [0.5, 1.0]
    assert [inside(t) for t in (4, 5, 6)] == [0.5, 0.25, 1.0]


@pytest.mark.parametrize("pct", [0.0, 0.01, 0.02, 1.0])
@pytest.mark.parametrize("n", [1, 2, 100])
def test_one_cycle_passes_over_a_phase_of_no_length(pct: float, n: int) -> None:
    values = gs.OneCycle(n, pct_start=pct)(np.arange(n + 5))
    assert np.isfinite(values).all()
    assert 0 < values.min() <= values.max() <= 1


def test_a_value_just_short_of_a_step_is_not_taken_for_it() -> None:
    s = gs.MultiStepDecay([30], gamma=0.5).stretch(10)
    assert (s(299), s(299.999), s(300)) == (1.0, 1.0, 0.5)


@pytest.mark.parametrize("t", [torch.tensor([0.0, 7.5], dtype=torch.float32), torch.tensor([0, 7], dtype=torch.int16),
                               torch.tensor([0.0, 7.5], dtype=torch.bfloat16), torch.tensor([0.0, 7.5], requires_grad=True)])  # fmt: skip
def test_every_dtype_of_tensor_is_evaluated_in_float64(t: torch.Tensor) -> None:
    out = gs.CosineDecay(10)(t)
    assert out.dtype == torch.float64
    assert out.tolist() == pytest.approx([gs.CosineDecay(10)(float(x)) for x in t.detach()], rel=1e-14)


def test_milestones_millions_of_epochs_away_are_found() -> None:
    scheduler = ours.MultiStepLR(sgd(1.0), [3, 50_000_000], gamma=0.5)
    scheduler.optimizer.step()
    for _ in range(4):
        scheduler.step()
    assert scheduler._next <= 50_000_000
    scheduler.last_epoch = 49_999_998
    seen = []
    for _ in range(3):
        scheduler.step()
        seen.append(scheduler.get_last_lr()[0])
    assert seen == [0.5, 0.25, 0.25]


def test_an_epoch_set_from_outside_is_where_the_ratio_begins() -> None:
    scheduler = ours.CosineAnnealingLR(sgd(1.0), T_max=100)
    group = scheduler.optimizer.param_groups[0]
    scheduler.optimizer.step()
    scheduler.step()
    scheduler.last_epoch, group["lr"] = 50, 3.0  # Ignite counts by itself; somebody sets the rate by hand
    scheduler.step()
    wave = gs.CosineWave(100)
    assert group["lr"] == pytest.approx(3.0 * wave(51) / wave(50), rel=1e-12)


def test_a_checkpoint_brings_its_own_base_rate_and_count() -> None:
    old = Scheduler(sgd(0.4), gs.StepDecay(2, gamma=0.5))
    for _ in range(3):
        old.optimizer.step()
        old.step()
    new = Scheduler(sgd(0.1), gs.StepDecay(2, gamma=0.5))
    with pytest.warns(UserWarning, match=r"the base lr of the groups is the checkpoint's, \[0.4\], not \[0.1\]"):
        new.load_state_dict(old.state_dict())
    assert new.get_last_lr() == [0.2]
    assert new.state_dict() == old.state_dict()


def test_sparse_gradients_are_no_obstacle_to_the_look_at_the_order() -> None:
    net = torch.nn.Embedding(4, 2, sparse=True)
    net(torch.tensor([1])).sum().backward()
    scheduler = ours.StepLR(sgd(params=net.parameters()), 3)
    with pytest.warns(UserWarning, match="before optimizer.step"):
        scheduler.step()


def test_a_copy_made_before_the_first_step_still_looks_at_the_order() -> None:
    import copy

    scheduler = ours.StepLR(sgd(), 3)
    twin = copy.deepcopy(scheduler)
    with pytest.warns(UserWarning, match="before optimizer.step"):
        twin.step()
    twin = copy.deepcopy(scheduler)
    twin.optimizer.step()
    twin.step()
    assert twin.last_epoch == 1


def test_the_repr_of_deeply_nested_methods_is_written_once() -> None:
    s: gs.Schedule = gs.StepDecay(3)
    for _ in range(45):
        s = s.shift(1)
    assert repr(s).count("shift") == 45
    assert gs.parse(repr(s)) == s


@pytest.mark.parametrize(
    "make",
    [
        lambda o: ours.MultiStepLR(o, [2, 4]),
        lambda o: ours.CosineAnnealingLR(o, 10),
        lambda o: ours.ExponentialLR(o, 0.9),
    ],
)
def test_groups_that_share_one_tensor_lr_are_driven_as_one(make: Any) -> None:
    def run(lr: Any) -> list[list[float]]:
        groups = [{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)]}]
        optimizer = torch.optim.Adam(groups, lr=lr)
        scheduler, seen = make(optimizer), []
        for t in range(8):
            seen.append([float(group["lr"]) for group in optimizer.param_groups])
            optimizer.step()
            if t == 5 and isinstance(lr, torch.Tensor):
                optimizer.param_groups[0]["lr"].mul_(1.0)  # touched, to the same value
            scheduler.step()
        return seen

    shared = run(torch.tensor(0.1, dtype=torch.float64))
    assert shared == [pytest.approx(x, rel=1e-12) for x in run(0.1)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("how", ["build, optimizer, scheduler", "build, scheduler, optimizer", "copy"])
def test_resuming_with_a_tensor_lr_of_low_precision_is_never_stopping(dtype: torch.dtype, how: str) -> None:
    import copy

    def fresh() -> torch.optim.Optimizer:
        return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=torch.tensor(0.1, dtype=dtype))

    def run(optimizer: torch.optim.Optimizer, scheduler: Any, n: int) -> list[float]:
        for _ in range(n):
            optimizer.step()
            scheduler.step()
        return [float(group["lr"]) for group in optimizer.param_groups]

    optimizer = fresh()
    whole = run(optimizer, ours.ExponentialLR(optimizer, 0.999), 400)
    optimizer = fresh()
    scheduler = ours.ExponentialLR(optimizer, 0.999)
    run(optimizer, scheduler, 4)
    if how == "copy":
        optimizer, scheduler = copy.deepcopy((optimizer, scheduler))
    else:
        for_optimizer, for_scheduler = copy.deepcopy(optimizer.state_dict()), scheduler.state_dict()
        optimizer = fresh()
        scheduler = ours.ExponentialLR(optimizer, 0.999)
        for what in how.split(", ")[1:]:
            if what == "optimizer":
                optimizer.load_state_dict(for_optimizer)
            else:
                scheduler.load_state_dict(for_scheduler)
    assert run(optimizer, scheduler, 396) == whole


def test_a_wrapped_optimizer_without_hooks_is_counted_by_the_one_inside() -> None:
    class Wrapper(torch.optim.Optimizer):  # as Accelerate's: it never calls Optimizer.__init__
        def __init__(self, optimizer: torch.optim.Optimizer) -> None:
            self.optimizer = optimizer

        @property
        def param_groups(self) -> Any:  # type: ignore[override]
            return self.optimizer.param_groups

        def step(self, closure: Any = None) -> None:  # type: ignore[override]
            self.optimizer.step(closure)

    optimizers = Wrapper(sgd()), Wrapper(sgd())
    by_hand = ours.StepLR(optimizers[0], 2)
    by_itself = Scheduler(optimizers[1], gs.StepDecay(2), advance="optimizer")
    for _ in range(3):
        optimizers[0].step()
        by_hand.step()
        optimizers[1].step()
    assert [by_hand.last_epoch, by_itself.last_epoch] == [3, 3]


def test_a_long_table_of_milestones_is_planned_without_reading_it_again() -> None:
    s = gs.MultiStepDecay(range(1, 100_001), gamma=0.9999)
    assert len(s.changes(0, 200_000)) == 100_000  # type: ignore[arg-type]
    assert s.changes(500, 503) == (500, 501, 502)
    scheduler = ours.MultiStepLR(sgd(1.0), range(1, 5001), gamma=0.999)
    scheduler.optimizer.step()
    for _ in range(5000):
        scheduler.step()
    assert scheduler.get_last_lr() == [pytest.approx(0.999**5000, rel=1e-9)]


def test_a_subclass_of_a_drop_in_keeps_its_arguments() -> None:
    class Mine(ours.StepLR):
        pass

    scheduler = Mine(sgd(), 3, gamma=0.5)
    assert (scheduler.state_dict()["step_size"], scheduler.state_dict()["gamma"]) == (3, 0.5)
    scheduler.load_state_dict(scheduler.state_dict())


def test_the_milestones_of_a_state_are_a_copy() -> None:
    scheduler = ours.MultiStepLR(sgd(), [3, 6])
    scheduler.state_dict()["milestones"].append(9)
    assert scheduler.state_dict()["milestones"] == [3, 6]


def test_a_state_with_too_few_rates_is_refused_and_changes_nothing() -> None:
    scheduler = ours.StepLR(sgd(), 3)
    state = scheduler.state_dict()
    with pytest.raises(gs.ScheduleError, match="`_last_lr` must have one lr for each of 1 param groups"):
        scheduler.load_state_dict({**state, "step_size": 7, "_last_lr": [0.1, 0.2]})
    assert scheduler.state_dict() == state


def test_a_floor_over_a_base_rate_of_0_has_no_schedule_and_says_so() -> None:
    with pytest.raises(gs.ScheduleError, match="the base lr must be > 0"):
        _ = ours.CosineAnnealingLR(sgd(0.0), 10, eta_min=0.1).schedule


def test_a_mistake_in_a_later_line_is_pointed_at_there() -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        gs.parse("StepDecay(\n  30,\n  gamma=0.1 0.2)")
    _, shown, caret = str(caught.value).split("\n")
    assert shown.strip() == "gamma=0.1 0.2)"
    assert shown[caret.index("^") :].startswith("0.1 0.2")


def test_a_flat_piece_between_points_does_not_tremble() -> None:
    s = gs.PiecewiseLinear([(1, 0.01), (18, 0.01), (30, 2.8066728454909433), (60, 2.8066728454909433)])
    assert {s(t) for t in range(19)} == {0.01}
    assert {s(t) for t in range(30, 90)} == {2.8066728454909433}
