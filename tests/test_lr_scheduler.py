"""The drop-ins' own words and ways, on real optimizers; what torch's do is in test_drop_in_trajectories.py."""

import copy
import inspect
import warnings
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler as them

import glideslope as gs
from drop_ins import BAD_NEWS, BY_NAME, OURS, TORCHS, Setup, advance, assert_same, build, halving, lrs, run
from glideslope import lr_scheduler as ours

every_class = pytest.mark.parametrize("name", BY_NAME)
PURE = [name for name, row in BY_NAME.items() if row.pure]
ONE = Setup("SGD", (0.1,))
TWO = Setup("SGD", (0.1, 0.5))


def optimizer_with(*lrs: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD([{"params": [torch.zeros(1)], "lr": lr} for lr in lrs], lr=0.1)


def first_lrs(optimizer: torch.optim.Optimizer, scheduler: Any, n: int) -> list[float]:
    """The lr of the first param group at each of n epochs."""
    return [float(lr) for lr in run(optimizer, scheduler, n=n)[:n, 0, 0]]


@every_class
def test_the_signature_is_torchs(name: str) -> None:
    mine, theirs = (inspect.signature(classes[name]).parameters for classes in (OURS, TORCHS))
    assert [(p.name, p.default, p.kind) for p in mine.values()] == [
        (p.name, p.default, p.kind) for p in theirs.values()
    ]


@every_class
def test_an_instance_is_one_of_torchs(name: str) -> None:
    scheduler = build(OURS, TWO.optimizer(), name, BY_NAME[name].example)
    assert isinstance(scheduler, them.LRScheduler)
    assert isinstance(scheduler, them.ReduceLROnPlateau) == (name == "ReduceLROnPlateau")


@every_class
def test_a_tensor_lr_is_filled_in_place_and_an_edit_of_it_is_kept(name: str) -> None:
    a, b = (Setup("SGD", (0.1,), tensors=True).optimizer() for _ in "ab")
    held = a.param_groups[0]["lr"]
    mine, theirs = (build(classes, o, name, BY_NAME[name].example) for o, classes in ((a, OURS), (b, TORCHS)))
    for t in range(12):
        for optimizer, scheduler in ((a, mine), (b, theirs)):
            optimizer.step()
            if t == 3:
                optimizer.param_groups[0]["lr"].mul_(0.5)
            advance(scheduler, t, BAD_NEWS)
        assert a.param_groups[0]["lr"] is held
        assert lrs(a) == pytest.approx(lrs(b), rel=1e-9, abs=0)
    assert mine.get_last_lr()[0] is not held


@pytest.mark.parametrize("name", ["CyclicLR", "OneCycleLR"])
def test_a_beta_in_a_tensor_is_filled_in_place(name: str) -> None:
    """torch puts a number in its place."""
    betas = torch.tensor(0.85, dtype=torch.float64), torch.tensor(0.99, dtype=torch.float64)
    a, b = torch.optim.Adam([torch.zeros(1)], betas=betas), torch.optim.Adam([torch.zeros(1)], betas=(0.85, 0.99))
    mine, theirs = (build(classes, o, name, BY_NAME[name].example) for o, classes in ((a, OURS), (b, TORCHS)))
    assert_same(run(a, mine, n=15), run(b, theirs, n=15))
    assert a.param_groups[0]["betas"] == betas
    assert a.param_groups[0]["betas"][0] is betas[0]


@pytest.mark.parametrize("name", PURE)
def test_the_pure_schedule_of_a_live_object(name: str) -> None:
    optimizer = ONE.optimizer()
    scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
    values = gs.trace(scheduler.schedule, gs.Run(epochs=20), base_lr=BY_NAME[name].own_lr or 0.1).values.tolist()
    assert values == pytest.approx(first_lrs(optimizer, scheduler, 20), rel=1e-12, abs=0)
    assert gs.parse(repr(scheduler.schedule)) == scheduler.schedule


@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in PURE])
def test_what_a_function_or_a_metric_decides_is_no_schedule(name: str) -> None:
    scheduler = build(OURS, ONE.optimizer(), name, BY_NAME[name].example)
    with pytest.raises(gs.ScheduleError, match=f"{name}.schedule must"):
        _ = scheduler.schedule


def test_groups_with_an_absolute_floor_have_a_schedule_each() -> None:
    scheduler = ours.CosineAnnealingLR(TWO.optimizer(), 10, eta_min=0.01)
    assert [s.end_factor for s in scheduler.schedules] == pytest.approx([0.1, 0.02])  # type: ignore[attr-defined]
    with pytest.raises(gs.ScheduleError, match="Read `schedules`"):
        _ = scheduler.schedule


def test_cosine_rises_again_after_t_max_as_documented() -> None:
    optimizer = ONE.optimizer()
    values = first_lrs(optimizer, ours.CosineAnnealingLR(optimizer, 10), 21)
    assert (values[0], values[10], values[20]) == pytest.approx((0.1, 0.0, 0.1))


def test_setting_an_argument_on_the_live_object_gives_the_curve_of_the_new_value() -> None:
    optimizer = ONE.optimizer()
    scheduler = ours.CosineAnnealingLR(optimizer, T_max=10)
    run(optimizer, scheduler, n=5)
    scheduler.T_max = 20
    assert scheduler.schedule == gs.CosineWave(20)
    run(optimizer, scheduler, n=1)
    assert lrs(optimizer) == [pytest.approx(0.1 * gs.CosineWave(20)(6))]
    with pytest.raises(gs.ScheduleError, match="must be a whole number >= 1, got 0"):
        scheduler.T_max = 0
    assert scheduler.T_max == 20
    stairs = ours.StepLR(ONE.optimizer(), 30)
    stairs.step_size = 2
    run(stairs.optimizer, stairs, n=2)
    assert lrs(stairs.optimizer) == [pytest.approx(0.01)]


BAD = [(name, key, row.bad[key]) for name, row in BY_NAME.items() for key in range(len(row.bad))]


@pytest.mark.parametrize(("name", "_", "bad"), BAD, ids=[f"{name}-{key}" for name, key, _ in BAD])
def test_bad_hyperparameters_are_refused_at_construction_and_change_nothing(
    name: str, _: int, bad: dict[str, Any]
) -> None:
    optimizer = TWO.optimizer()
    arguments = {**BY_NAME[name].example, **bad}
    if "schedulers" in arguments:
        arguments["schedulers"] = [build(OURS, optimizer, *part) for part in arguments["schedulers"]]
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(gs.ScheduleError, match="must"):
        OURS[name](optimizer=optimizer, **arguments)
    assert optimizer.state_dict() == before


@pytest.mark.parametrize("name", [name for name in BY_NAME if "last_epoch" in inspect.signature(OURS[name]).parameters])
@pytest.mark.parametrize("last_epoch", [-2, 0.5, "0"])
def test_a_bad_last_epoch_is_refused_at_construction_and_changes_nothing(name: str, last_epoch: Any) -> None:
    optimizer = TWO.optimizer()
    arguments = BY_NAME[name].example
    if "schedulers" in arguments:
        parts = [build(OURS, optimizer, *part) for part in arguments["schedulers"]]
        arguments = {**arguments, "schedulers": parts}
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(gs.ScheduleError, match="`last_epoch` must be a whole number >= -1"):
        OURS[name](optimizer=optimizer, **arguments, last_epoch=last_epoch)
    assert optimizer.state_dict() == before


@every_class
def test_what_is_no_optimizer_is_refused(name: str) -> None:
    arguments = BY_NAME[name].example
    if "schedulers" in arguments:
        arguments = {**arguments, "schedulers": [ours.StepLR(ONE.optimizer(), 3)]}
    with pytest.raises(gs.ScheduleError, match="`optimizer` must be a torch.optim.Optimizer"):
        OURS[name](optimizer=[torch.zeros(1)], **arguments)


@pytest.mark.parametrize("name", ["SequentialLR", "ChainedScheduler"])
def test_parts_that_are_none_or_stand_elsewhere_are_refused(name: str) -> None:
    optimizer = ONE.optimizer()
    more: dict[str, Any] = {"milestones": []} if name == "SequentialLR" else {}
    for schedulers, words in (
        ([], "be a list of at least one scheduler"),
        (None, "be a list of at least one scheduler"),
        ([halving], "schedulers\\[0\\] must be a scheduler"),
        ([ours.StepLR(ONE.optimizer(), 3)], "must stand on the same optimizer"),
    ):
        with pytest.raises(gs.ScheduleError, match=words):
            OURS[name](schedulers=schedulers, optimizer=optimizer, **more)


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "ReduceLROnPlateau"])
def test_the_wrong_order_of_the_two_steps_is_said_once_at_the_callers_line(name: str) -> None:
    optimizer = ONE.optimizer()
    scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
    with pytest.warns(UserWarning, match="step\\(\\) was called before optimizer.step\\(\\)") as said:
        for _ in range(4):
            scheduler.step()
            optimizer.step()
    assert len(said) == 1
    assert said[0].filename == __file__


def test_step_with_an_epoch_goes_there_and_warns_as_torch_does() -> None:
    optimizer = ONE.optimizer()
    scheduler = ours.MultiStepLR(optimizer, [3, 6])
    optimizer.step()
    with pytest.warns(UserWarning, match="deprecated"):
        scheduler.step(7)
    assert lrs(optimizer) == [pytest.approx(0.001)]
    assert scheduler.last_epoch == 7
    optimizer.step()
    scheduler.step()
    assert scheduler.last_epoch == 8
    with pytest.warns(UserWarning, match="deprecated"), pytest.raises(gs.ScheduleError, match="epoch"):
        scheduler.step(-3)
    assert scheduler.last_epoch == 8


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "ReduceLROnPlateau"])
def test_a_group_added_later_joins_at_the_position_of_the_run(name: str) -> None:
    optimizer = ONE.optimizer()
    scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
    run(optimizer, scheduler, n=4)
    optimizer.add_param_group({"params": [torch.zeros(1)], "lr": 0.1})
    for _ in range(8):
        run(optimizer, scheduler, n=1)
        assert lrs(optimizer) == pytest.approx(scheduler.get_lr(), rel=1e-12, abs=0)
        assert lrs(optimizer)[0] == lrs(optimizer)[1]


def test_a_plateau_reduces_a_group_added_later_from_its_own_lr() -> None:
    optimizer = ONE.optimizer()
    scheduler = ours.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    scheduler.step(1.0)
    scheduler.step(1.0)
    optimizer.add_param_group({"params": [torch.zeros(1)], "lr": 0.1})
    scheduler.step(1.0)
    assert lrs(optimizer) == [0.025, 0.05]


def test_ours_stand_inside_torchs_own_combinations() -> None:
    """A program may swap one class and keep torch's others."""

    def lrs_of(combine: Any, warm: Any, stairs: Any, cosine: Any) -> Any:
        optimizer = TWO.optimizer()
        return run(optimizer, combine(optimizer, warm, stairs, cosine), n=30)

    for combine in (
        lambda o, warm, stairs, cosine: them.ChainedScheduler([warm(o, 0.1, 1.0, 5), stairs(o, [8, 20], 0.5)]),
        lambda o, warm, stairs, cosine: them.SequentialLR(o, [warm(o, 0.1, 1.0, 5), stairs(o, [8, 20], 0.5)], [5]),
        lambda o, warm, stairs, cosine: them.SequentialLR(o, [cosine(o, 5), warm(o, 0.1, 1.0, 5)], [6]),
        lambda o, warm, stairs, cosine: them.SequentialLR(o, [stairs(o, [2]), cosine(o, 9, 0.01)], [4]),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = lrs_of(combine, them.LinearLR, them.MultiStepLR, them.CosineAnnealingLR)
        got = lrs_of(combine, them.LinearLR, ours.MultiStepLR, ours.CosineAnnealingLR)
        assert_same(got, expected)


def test_the_optimizers_step_is_left_alone_and_the_steps_between_write_nothing() -> None:
    optimizer = optimizer_with(torch.tensor(0.1))
    scheduler = ours.StepLR(optimizer, 5)
    assert "step" not in vars(optimizer)
    optimizer.step()
    scheduler.step()
    version = optimizer.param_groups[0]["lr"]._version
    for _ in range(3):
        scheduler.step()
    assert optimizer.param_groups[0]["lr"]._version == version
    scheduler.step()
    assert optimizer.param_groups[0]["lr"]._version > version


@every_class
def test_get_last_lr_is_a_copy(name: str) -> None:
    for tensors in (False, True):
        optimizer = Setup("SGD", (0.1, 0.5), tensors).optimizer()
        scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
        before = scheduler.get_last_lr()
        assert [*map(float, before)] == lrs(optimizer)
        taken = scheduler.get_last_lr()
        if tensors:
            taken[0].fill_(7.0)
        taken[1] = 7.0
        assert scheduler.get_last_lr() == before
        assert [*map(float, before)] == lrs(optimizer)


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "ReduceLROnPlateau"])
def test_get_lr_is_the_lr_in_use_at_any_time_and_changes_nothing(name: str) -> None:
    optimizer = TWO.optimizer()
    scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
    for _ in range(12):
        before = copy.deepcopy(optimizer.state_dict())
        assert scheduler.get_lr() == pytest.approx(lrs(optimizer), rel=1e-12, abs=0)
        assert optimizer.state_dict() == before
        run(optimizer, scheduler, n=1)


def test_milestones_far_apart_are_all_found() -> None:
    optimizer = optimizer_with(1.0)
    scheduler = ours.MultiStepLR(optimizer, [3, 5000, 70_000], gamma=0.5)
    seen = {}
    optimizer.step()
    for t in range(70_010):
        scheduler.step()
        seen.setdefault(optimizer.param_groups[0]["lr"], t + 1)
    assert seen == {1.0: 1, 0.5: 3, 0.25: 5000, 0.125: 70_000}


def test_a_staircase_that_has_come_down_to_nothing_goes_on_in_no_time() -> None:
    optimizer = optimizer_with(1.0)
    scheduler = ours.StepLR(optimizer, 2, gamma=1e-9)
    run(optimizer, scheduler, n=200)
    assert lrs(optimizer) == [0.0]
    assert gs.StepDecay(2, gamma=1e-9).changes(100, 2**50) == ()
