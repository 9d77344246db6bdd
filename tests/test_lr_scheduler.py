"""The drop-ins against torch's own classes, on real optimizers."""

import copy
import inspect
import io
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler as them

import glideslope as gs
from glideslope import lr_scheduler as ours

NAMES = ["StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR"]
ARGUMENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "StepLR": st.fixed_dictionaries({"step_size": st.integers(1, 20), "gamma": st.floats(0.1, 1.2)}),
    "MultiStepLR": st.fixed_dictionaries(
        {"milestones": st.lists(st.integers(1, 40), max_size=6), "gamma": st.floats(0.1, 1.2)}
    ),
    "ExponentialLR": st.fixed_dictionaries({"gamma": st.floats(0.5, 1.1)}),
    "CosineAnnealingLR": st.fixed_dictionaries({"T_max": st.integers(1, 60), "eta_min": st.floats(0, 0.05)}),
}
configurations = st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), ARGUMENTS[name]))
EXAMPLES = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 9], "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
]


def optimizer_with(*lrs: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD([{"params": [torch.zeros(1)], "lr": lr} for lr in lrs], lr=0.1)


def lrs(optimizer: torch.optim.Optimizer) -> list[float]:
    return [float(group["lr"]) for group in optimizer.param_groups]


def steps(
    optimizer: torch.optim.Optimizer, *schedulers: Any, n: int, edits: dict[int, float] | None = None
) -> Iterator[list[float]]:
    for t in range(n):
        yield lrs(optimizer)
        optimizer.step()
        for group in optimizer.param_groups:
            if t in (edits or {}):
                group["lr"] = group["lr"] * edits[t]  # type: ignore[index]
        for scheduler in schedulers:
            scheduler.step()


@pytest.mark.parametrize("name", NAMES)
def test_the_signature_is_torchs(name: str) -> None:
    mine, theirs = (inspect.signature(getattr(module, name)).parameters for module in (ours, them))
    assert [(p.name, p.default, p.kind) for p in mine.values()] == [
        (p.name, p.default, p.kind) for p in theirs.values()
    ]


@given(configurations, st.lists(st.floats(0.01, 1.0), min_size=1, max_size=3))
def test_the_trajectory_is_torchs(configuration: tuple[str, dict[str, Any]], bases: list[float]) -> None:
    name, arguments = configuration
    a, b = optimizer_with(*bases), optimizer_with(*bases)
    mine, theirs = getattr(ours, name)(a, **arguments), getattr(them, name)(b, **arguments)
    for x, y in zip(steps(a, mine, n=100), steps(b, theirs, n=100), strict=True):
        assert x == pytest.approx(y, rel=1e-9, abs=1e-12)
        assert mine.get_last_lr() == x
        assert mine.last_epoch == theirs.last_epoch
        assert mine._step_count == theirs._step_count


@given(configurations, st.dictionaries(st.integers(0, 40), st.floats(0.1, 3.0), max_size=3))
def test_a_lr_edited_by_hand_is_kept_and_scaled_as_torch_does(
    configuration: tuple[str, dict[str, Any]], edits: dict[int, float]
) -> None:
    name, arguments = configuration
    if name == "CosineAnnealingLR" and any(t % arguments["T_max"] == 0 for t in (*edits, *(t + 1 for t in edits))):
        return  # at its turning points torch multiplies rounding errors; see the test below
    a, b = optimizer_with(0.1, 0.5), optimizer_with(0.1, 0.5)
    mine, theirs = getattr(ours, name)(a, **arguments), getattr(them, name)(b, **arguments)
    for x, y in zip(steps(a, mine, n=60, edits=edits), steps(b, theirs, n=60, edits=edits), strict=True):
        assert x == pytest.approx(y, rel=1e-6, abs=1e-9)


@given(configurations, configurations)
def test_two_schedulers_on_one_optimizer_multiply_as_torchs_do(
    first: tuple[str, dict[str, Any]], second: tuple[str, dict[str, Any]]
) -> None:
    if "CosineAnnealingLR" in (first[0], second[0]):
        return  # additive with an eta_min: no product
    a, b = optimizer_with(0.1), optimizer_with(0.1)
    mine = [getattr(ours, name)(a, **arguments) for name, arguments in (first, second)]
    theirs = [getattr(them, name)(b, **arguments) for name, arguments in (first, second)]
    for x, y in zip(steps(a, *mine, n=60), steps(b, *theirs, n=60), strict=True):
        assert x == pytest.approx(y, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES)
def test_a_tensor_lr_is_filled_in_place_and_an_edit_of_it_is_kept(name: str, arguments: dict[str, Any]) -> None:
    a, b = (optimizer_with(torch.tensor(0.1, dtype=torch.float64)) for _ in "ab")
    held = a.param_groups[0]["lr"]
    mine, theirs = getattr(ours, name)(a, **arguments), getattr(them, name)(b, **arguments)
    for t in range(15):
        assert a.param_groups[0]["lr"] is held
        assert lrs(a) == pytest.approx(lrs(b), rel=1e-9)
        for optimizer, scheduler in ((a, mine), (b, theirs)):
            optimizer.step()
            if t == 3:
                optimizer.param_groups[0]["lr"].mul_(0.5)
            scheduler.step()
    assert mine.get_last_lr()[0] is not held


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES)
@pytest.mark.parametrize("at", [0, 1, 4, 8])
@pytest.mark.parametrize(
    "order", ["build, optimizer, scheduler", "build, scheduler, optimizer", "optimizer, build, scheduler"]
)
def test_resuming_in_any_order_is_never_stopping(name: str, arguments: dict[str, Any], at: int, order: str) -> None:
    make = getattr(ours, name)
    optimizer = optimizer_with(0.1, 0.5)
    whole = list(steps(optimizer, make(optimizer, **arguments), n=20))

    optimizer = optimizer_with(0.1, 0.5)
    scheduler = make(optimizer, **arguments)
    first = list(steps(optimizer, scheduler, n=at))
    file = io.BytesIO()
    torch.save([optimizer.state_dict(), scheduler.state_dict()], file)
    for_optimizer, for_scheduler = torch.load(io.BytesIO(file.getvalue()), weights_only=True)

    optimizer = optimizer_with(0.1, 0.5)
    for what in order.split(", "):
        if what == "build":
            scheduler = make(optimizer, **arguments)
        elif what == "optimizer":
            optimizer.load_state_dict(for_optimizer)
        else:
            before = copy.deepcopy(for_scheduler)
            scheduler.load_state_dict(for_scheduler)
            scheduler.load_state_dict(for_scheduler)
            assert for_scheduler == before
    assert first + list(steps(optimizer, scheduler, n=20 - at)) == [pytest.approx(x, rel=1e-12) for x in whole]


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES)
@pytest.mark.parametrize("at", [0, 1, 2, 5])
def test_rebuilding_with_last_epoch_gives_the_lr_of_the_uninterrupted_run(
    name: str, arguments: dict[str, Any], at: int
) -> None:
    """Also on a milestone, where torch decays twice."""
    make = getattr(ours, name)
    optimizer = optimizer_with(0.1)
    scheduler = make(optimizer, **arguments)
    whole = list(steps(optimizer, scheduler, n=12))
    optimizer = optimizer_with(0.1)
    list(steps(optimizer, make(optimizer, **arguments), n=at))
    fresh = optimizer_with(0.7)
    fresh.load_state_dict(optimizer.state_dict())
    rebuilt = make(fresh, **arguments, last_epoch=at - 1)
    assert rebuilt.last_epoch == at
    assert list(steps(fresh, rebuilt, n=12 - at)) == [pytest.approx(x, rel=1e-12) for x in whole[at:]]
    with pytest.raises(KeyError, match="param 'initial_lr' is not specified in param_groups\\[0\\]"):
        make(optimizer_with(0.1), **arguments, last_epoch=3)


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES)
def test_the_pure_schedule_of_a_live_object(name: str, arguments: dict[str, Any]) -> None:
    optimizer = optimizer_with(0.1)
    scheduler = getattr(ours, name)(optimizer, **arguments)
    values = gs.trace(scheduler.schedule, gs.Run(epochs=20), base_lr=0.1).values.tolist()
    assert values == pytest.approx([lr for (lr,) in steps(optimizer, scheduler, n=20)], rel=1e-12)
    assert gs.parse(repr(scheduler.schedule)) == scheduler.schedule


def test_groups_with_an_absolute_floor_have_a_schedule_each() -> None:
    scheduler = ours.CosineAnnealingLR(optimizer_with(0.1, 0.5), 10, eta_min=0.01)
    assert [s.end_factor for s in scheduler.schedules] == pytest.approx([0.1, 0.02])  # type: ignore[attr-defined]
    with pytest.raises(gs.ScheduleError, match="Read `schedules`"):
        _ = scheduler.schedule


def test_cosine_rises_again_after_t_max_as_documented() -> None:
    optimizer = optimizer_with(0.1)
    values = [lr for (lr,) in steps(optimizer, ours.CosineAnnealingLR(optimizer, 10), n=21)]
    assert (values[0], values[10], values[20]) == pytest.approx((0.1, 0.0, 0.1))


def test_setting_an_argument_on_the_live_object_gives_the_curve_of_the_new_value() -> None:
    optimizer = optimizer_with(0.1)
    scheduler = ours.CosineAnnealingLR(optimizer, T_max=10)
    list(steps(optimizer, scheduler, n=5))
    scheduler.T_max = 20
    assert scheduler.schedule == gs.CosineWave(20)
    list(steps(optimizer, scheduler, n=1))
    assert lrs(optimizer) == [pytest.approx(0.1 * gs.CosineWave(20)(6))]
    with pytest.raises(gs.ScheduleError, match="must be a whole number >= 1, got 0"):
        scheduler.T_max = 0
    assert scheduler.T_max == 20
    stairs = ours.StepLR(optimizer_with(0.1), 30)
    stairs.step_size = 2
    list(steps(stairs.optimizer, stairs, n=2))
    assert lrs(stairs.optimizer) == [pytest.approx(0.01)]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("StepLR", {"step_size": 0}),
        ("StepLR", {"step_size": 2.5}),
        ("StepLR", {"step_size": -1}),
        ("StepLR", {"step_size": 3, "gamma": 0.0}),
        ("StepLR", {"step_size": 3, "gamma": float("nan")}),
        ("StepLR", {"step_size": 3, "last_epoch": -2}),
        ("StepLR", {"step_size": 3, "last_epoch": "0"}),
        ("MultiStepLR", {"milestones": [0, 3]}),
        ("MultiStepLR", {"milestones": [2.5]}),
        ("MultiStepLR", {"milestones": 30}),
        ("MultiStepLR", {"milestones": None}),
        ("MultiStepLR", {"milestones": ["a", 3]}),
        ("MultiStepLR", {"milestones": [], "gamma": -1}),
        ("ExponentialLR", {"gamma": -0.1}),
        ("ExponentialLR", {"gamma": None}),
        ("CosineAnnealingLR", {"T_max": 0}),
        ("CosineAnnealingLR", {"T_max": 10, "eta_min": -1}),
        ("CosineAnnealingLR", {"T_max": 10, "eta_min": "x"}),
    ],
)
def test_bad_hyperparameters_are_refused_at_construction_and_change_nothing(
    name: str, arguments: dict[str, Any]
) -> None:
    optimizer = optimizer_with(0.1)
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(gs.ScheduleError, match="must"):
        getattr(ours, name)(optimizer, **arguments)
    assert optimizer.state_dict() == before


def test_the_state_of_another_class_or_of_other_groups_is_refused() -> None:
    stairs = ours.StepLR(optimizer_with(0.1), 3)
    for state, words in (
        (
            ours.CosineAnnealingLR(optimizer_with(0.1), 3).state_dict(),
            "key `step_size`; this is the state of another class",
        ),
        (ours.StepLR(optimizer_with(0.1, 0.2), 3).state_dict(), "one base lr for each of 1 param groups"),
        ({**stairs.state_dict(), "step_size": 0}, "must be a whole number >= 1, got 0"),
        (
            {**ours.CosineAnnealingLR(optimizer_with(0.1), 3).state_dict(), "step_size": 3, "gamma": 0.5},
            "be the state of a StepLR, got 'CosineWave(3)'",
        ),
        ({**stairs.state_dict(), "last_epoch": -9}, "`last_epoch` must be a whole number >= 0"),
        (None, "be a dict from state_dict()"),
    ):
        before = stairs.state_dict()
        with pytest.raises(gs.ScheduleError) as caught:
            stairs.load_state_dict(state)  # type: ignore[arg-type]
        assert words in str(caught.value)
        assert stairs.state_dict() == before


def test_other_arguments_in_the_checkpoint_win_as_in_torch_and_are_said() -> None:
    optimizer = optimizer_with(0.1)
    old = ours.StepLR(optimizer, 5)
    new = ours.StepLR(optimizer_with(0.1), 3)
    with pytest.warns(
        UserWarning, match=r"made with StepDecay\(5, gamma=0.1\), which now replaces StepDecay\(3, gamma=0.1\)"
    ) as said:
        new.load_state_dict(old.state_dict())
    assert said[0].filename == __file__
    assert new.step_size == 5


def test_the_wrong_order_of_the_two_steps_is_said_once_at_the_callers_line() -> None:
    for name, arguments in EXAMPLES:
        optimizer = optimizer_with(0.1)
        scheduler = getattr(ours, name)(optimizer, **arguments)
        with pytest.warns(UserWarning, match=f"{name}: step\\(\\) was called before optimizer.step\\(\\)") as said:
            for _ in range(4):
                scheduler.step()
                optimizer.step()
        assert len(said) == 1
        assert said[0].filename == __file__


def test_the_right_order_an_overflow_under_amp_and_copies_are_no_false_alarm() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, arguments in EXAMPLES:
            w = torch.nn.Parameter(torch.ones(1))
            optimizer = torch.optim.SGD([w], lr=0.1)
            scheduler = getattr(ours, name)(optimizer, **arguments)
            scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
            scaler.scale(w.sum() * float("inf")).backward()
            scaler.step(optimizer)
            scaler.update()
            scheduler.step()
            optimizer = optimizer_with(0.1)
            scheduler = getattr(ours, name)(optimizer, **arguments)
            optimizer.step()
            for twin in (copy.deepcopy((optimizer, scheduler)), pickle.loads(pickle.dumps((optimizer, scheduler)))):
                twin[1].step()
                assert twin[1].last_epoch == 1


def test_step_with_an_epoch_goes_there_and_warns_as_torch_does() -> None:
    optimizer = optimizer_with(0.1)
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


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES)
def test_a_group_added_later_joins_at_the_position_of_the_run(name: str, arguments: dict[str, Any]) -> None:
    optimizer = optimizer_with(0.1)
    scheduler = getattr(ours, name)(optimizer, **arguments)
    list(steps(optimizer, scheduler, n=4))
    optimizer.add_param_group({"params": [torch.zeros(1)], "lr": 0.1})
    for _ in range(8):
        list(steps(optimizer, scheduler, n=1))
        assert lrs(optimizer) == pytest.approx(scheduler.get_lr(), rel=1e-12)
        assert lrs(optimizer)[0] == lrs(optimizer)[1]


def test_ours_stand_inside_torchs_own_combinations() -> None:
    """A program may swap one class and keep torch's others."""

    def run(combine: Any, warm: Any, stairs: Any, cosine: Any) -> list[list[float]]:
        optimizer = optimizer_with(0.1, 0.5)
        return list(steps(optimizer, combine(optimizer, warm, stairs, cosine), n=30))

    for combine in (
        lambda o, warm, stairs, cosine: them.ChainedScheduler([warm(o, 0.1, 1.0, 5), stairs(o, [8, 20], 0.5)]),
        lambda o, warm, stairs, cosine: them.SequentialLR(o, [warm(o, 0.1, 1.0, 5), stairs(o, [8, 20], 0.5)], [5]),
        lambda o, warm, stairs, cosine: them.SequentialLR(o, [cosine(o, 5), warm(o, 0.1, 1.0, 5)], [6]),
        lambda o, warm, stairs, cosine: them.SequentialLR(o, [stairs(o, [2]), cosine(o, 9, 0.01)], [4]),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = run(combine, them.LinearLR, them.MultiStepLR, them.CosineAnnealingLR)
        got = run(combine, them.LinearLR, ours.MultiStepLR, ours.CosineAnnealingLR)
        assert got == [pytest.approx(x, rel=1e-9, abs=1e-15) for x in expected]


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


def test_get_last_lr_is_a_copy() -> None:
    scheduler = ours.StepLR(optimizer_with(0.1), 5)
    scheduler.get_last_lr()[0] = 7.0
    assert scheduler.get_last_lr() == [0.1]


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
    list(steps(optimizer, scheduler, n=200))
    assert lrs(optimizer) == [0.0]
    assert gs.StepDecay(2, gamma=1e-9).changes(100, 2**50) == ()


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES)
def test_a_run_begun_with_torchs_class_goes_on_with_ours(name: str, arguments: dict[str, Any]) -> None:
    optimizer = optimizer_with(0.1, 0.5)
    theirs = getattr(them, name)(optimizer, **arguments)
    whole = list(steps(optimizer, theirs, n=20))
    optimizer = optimizer_with(0.1, 0.5)
    theirs = getattr(them, name)(optimizer, **arguments)
    list(steps(optimizer, theirs, n=8))
    file = io.BytesIO()
    torch.save([optimizer.state_dict(), theirs.state_dict()], file)
    for_optimizer, for_scheduler = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    optimizer = optimizer_with(0.1, 0.5)
    mine = getattr(ours, name)(optimizer, **arguments)
    optimizer.load_state_dict(for_optimizer)
    mine.load_state_dict(for_scheduler)
    assert list(steps(optimizer, mine, n=12)) == [pytest.approx(x, rel=1e-9) for x in whole[8:]]


def test_a_state_whose_arguments_have_the_same_names_is_still_told_apart() -> None:
    stairs = ours.StepLR(optimizer_with(0.1), 30, gamma=0.5)
    exponential = ours.ExponentialLR(optimizer_with(0.1), gamma=0.9)
    with pytest.raises(gs.ScheduleError, match="be the state of a ExponentialLR, got 'StepDecay"):
        exponential.load_state_dict(stairs.state_dict())
    assert exponential.schedule == gs.ExponentialDecay(0.9)
