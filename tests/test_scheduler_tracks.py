"""Scheduler: any hyperparameter, any group, values outside the optimizer, groups added later."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import glideslope as gs
from glideslope.torch import Scheduler, Value

DROPS = gs.MultiStepDecay([2, 5], gamma=0.5)
FALL = gs.LinearDecay(8, end_factor=0.1)
RISE = gs.Constant().warmup(4, start_factor=0.9)


def parameter() -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.ones(2))


def groups(n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"params": [parameter()], "lr": 0.1 * (i + 1), "name": f"g{i}", **more} for i in range(n)]


def adamw(n: int = 2, **more: Any) -> torch.optim.AdamW:
    return torch.optim.AdamW(groups(n, **more), lr=0.1, betas=(0.9, 0.99), weight_decay=0.05)


def step(optimizer: torch.optim.Optimizer, *schedulers: Scheduler) -> None:
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = torch.ones_like(p)
    optimizer.step()
    for scheduler in schedulers:
        scheduler.step()


def column(optimizer: torch.optim.Optimizer, key: str) -> list[Any]:
    return [group[key] for group in optimizer.param_groups]


@pytest.mark.parametrize("advance", ["manual", "optimizer"])
def test_every_hyperparameter_follows_its_own_schedule_from_the_value_the_group_had(advance: str) -> None:
    optimizer = adamw()
    optimizer.param_groups[1]["weight_decay"] = 0.2
    scheduler = Scheduler(
        optimizer,
        {"lr": DROPS, "weight_decay": FALL, "betas[0]": RISE, "betas[1]": RISE, "eps": DROPS},
        advance=advance,
    )
    for t in range(10):
        assert column(optimizer, "lr") == pytest.approx([0.1 * DROPS(t), 0.2 * DROPS(t)], rel=1e-12)
        assert column(optimizer, "weight_decay") == pytest.approx([0.05 * FALL(t), 0.2 * FALL(t)], rel=1e-12)
        for betas in column(optimizer, "betas"):
            assert betas == pytest.approx((0.9 * RISE(t), 0.99 * RISE(t)), rel=1e-12)
        assert column(optimizer, "eps") == pytest.approx([1e-8 * DROPS(t)] * 2, rel=1e-12)
        step(optimizer, *([scheduler] if advance == "manual" else []))


def test_momentum_of_sgd_and_a_key_of_the_programs_own_are_hyperparameters_too() -> None:
    optimizer = torch.optim.SGD([{"params": [parameter()], "ema": 0.5}, {"params": [parameter()]}], lr=1, momentum=0.8)
    scheduler = Scheduler(optimizer, {"momentum": RISE, "ema": FALL})
    step(optimizer, scheduler)
    assert column(optimizer, "momentum") == pytest.approx([0.8 * RISE(1)] * 2)
    assert optimizer.param_groups[0]["ema"] == pytest.approx(0.5 * FALL(1))
    assert "ema" not in optimizer.param_groups[1]
    assert column(optimizer, "lr") == [1, 1]  # not scheduled, not written
    assert scheduler.get_last_lr() == [1.0, 1.0]
    assert "initial_lr" not in optimizer.param_groups[0]


@pytest.mark.parametrize(
    ("given", "want"),
    [
        ([DROPS, FALL], [DROPS, FALL]),
        ({"g0": DROPS, "g1": FALL}, [DROPS, FALL]),
        ({"g1": DROPS, "g0": FALL, "later": RISE}, [FALL, DROPS]),
        ({"lr": [DROPS, FALL]}, [DROPS, FALL]),
        ({"lr": {"g0": DROPS, "g1": FALL}}, [DROPS, FALL]),
        ({"lr": FALL}, [FALL, FALL]),
    ],
)
def test_a_schedule_for_each_group_by_place_or_by_name(given: Any, want: list[gs.Schedule]) -> None:
    optimizer = adamw()
    before = copy.deepcopy(given)
    scheduler = Scheduler(optimizer, given)
    for t in range(9):
        expected = [0.1 * want[0](t), 0.2 * want[1](t)]
        assert column(optimizer, "lr") == scheduler.get_last_lr() == pytest.approx(expected, rel=1e-12)
        step(optimizer, scheduler)
    assert scheduler.schedules == tuple(want)
    assert given == before


@given(st.integers(1, 5), st.sampled_from([DROPS, FALL, RISE, gs.CosineDecay(6).warmup(3)]), st.integers(0, 12))
def test_a_schedule_for_each_group_is_one_for_all_when_they_are_equal(
    n: int, schedule: gs.Schedule, steps: int
) -> None:
    ways: list[Callable[[], Any]] = [
        lambda: schedule,
        lambda: [schedule] * n,
        lambda: {f"g{i}": schedule for i in range(n)},
        lambda: {"lr": schedule},
    ]
    seen = []
    for way in ways:
        optimizer = adamw(n)
        scheduler = Scheduler(optimizer, way())
        for _ in range(steps):
            step(optimizer, scheduler)
        seen.append((column(optimizer, "lr"), optimizer.param_groups[0]["params"][0].tolist()))
    assert all(each == seen[0] for each in seen)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "also the group `g0`, got []"),
        ([DROPS], "must have one schedule for each of 2 param groups"),
        ([DROPS, 0.1], "must be a glideslope schedule, got 0.1"),
        ([DROPS, "StepDecay(3)"], "Read text with glideslope.parse(...) first."),
        ({"g0": DROPS}, "also the group `g1`, got ['g0']. Give a group that stays as it is gs.Constant()."),
        ({"g0": DROPS, "g2": FALL}, "also the group `g1`"),
        ({"lr": DROPS, "wieght_decay": FALL}, "got 'wieght_decay'. Did you mean `weight_decay`?"),
        ({"lr": DROPS, "g0": FALL}, "got 'g0'"),
        ({"momentum": DROPS}, "got 'momentum'."),
        ({"betas[2]": DROPS}, "got 'betas[2]'. Did you mean `betas["),
        ({"betas": DROPS}, "Did you mean `betas["),
        ({"lr": {"lr": DROPS}}, "also the group `g0`"),
        ({"weight_decay": None}, "the schedule of `weight_decay` must be a glideslope schedule, got None"),
        ({1: DROPS}, "got 1"),
        ({"params": DROPS}, "got 'params'"),
        ({"foreach": DROPS}, "got 'foreach'"),
        ({"name": DROPS}, "got 'name'"),
    ],
)
def test_schedules_that_do_not_fit_the_optimizer_are_refused_before_anything_is_written(given: Any, words: str) -> None:
    optimizer = adamw()
    before = copy.deepcopy([{k: v for k, v in group.items() if k != "params"} for group in optimizer.param_groups])
    with pytest.raises(gs.ScheduleError) as caught:
        Scheduler(optimizer, given)
    assert words in str(caught.value)
    assert [{k: v for k, v in group.items() if k != "params"} for group in optimizer.param_groups] == before


def test_groups_without_a_name_cannot_be_named() -> None:
    optimizer = torch.optim.SGD([{"params": [parameter()], "name": "head"}, {"params": [parameter()]}], lr=0.1)
    with pytest.raises(gs.ScheduleError, match="must find a `name` in group 1"):
        Scheduler(optimizer, {"head": DROPS})


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_tensors_of_every_hyperparameter_are_filled_in_place(dtype: torch.dtype) -> None:
    def tensor(value: float) -> torch.Tensor:
        return torch.tensor(value, dtype=dtype)

    optimizer = torch.optim.Adam(
        [{"params": [parameter()], "lr": tensor(0.1 * (i + 1))} for i in range(3)],
        betas=(tensor(0.9), tensor(0.99)),
        weight_decay=tensor(0.5),  # type: ignore[arg-type]
        foreach=False,
        capturable=False,
    )
    for group in optimizer.param_groups:
        group["betas"], group["weight_decay"] = (tensor(0.9), tensor(0.99)), tensor(0.5)
    held = [(group["lr"], *group["betas"], group["weight_decay"]) for group in optimizer.param_groups]
    scheduler = Scheduler(optimizer, {"lr": DROPS, "betas[0]": RISE, "weight_decay": FALL})
    for t in range(6):
        for i, (group, (lr, beta1, beta2, decay)) in enumerate(zip(optimizer.param_groups, held, strict=True)):
            assert [id(group["lr"]), id(group["betas"][0]), id(group["weight_decay"])] == [id(lr), id(beta1), id(decay)]
            accuracy = torch.finfo(dtype).eps
            assert float(lr) == pytest.approx(0.1 * (i + 1) * DROPS(t), rel=2 * accuracy)
            assert float(beta1) == pytest.approx(0.9 * RISE(t), rel=2 * accuracy)
            assert float(decay) == pytest.approx(0.5 * FALL(t), rel=2 * accuracy)
            assert float(beta2) == float(tensor(0.99))
        step(optimizer, scheduler)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16])
def test_filling_together_writes_what_filling_one_by_one_does(dtype: torch.dtype) -> None:
    from glideslope.torch._keys import fill, fill_together

    values = [0.1, 1e-7, 0.0, 3.25, 1e4]
    one_by_one = [torch.tensor(9.0, dtype=dtype) for _ in values]
    together = [torch.tensor(9.0, dtype=dtype) for _ in values]
    fill(one_by_one, values)
    fill_together(together, values)
    assert [float(t) for t in together] == [float(t) for t in one_by_one]


def test_groups_that_share_one_tensor_get_its_value_once() -> None:
    lr = torch.tensor(0.5)
    optimizer = torch.optim.SGD([{"params": [parameter()], "lr": lr} for _ in range(3)], lr=lr)
    for group in optimizer.param_groups:
        group["lr"] = lr
    scheduler = Scheduler(optimizer, DROPS)
    for t in range(6):
        assert float(lr) == pytest.approx(0.5 * DROPS(t))
        step(optimizer, scheduler)


@pytest.mark.parametrize("advance", ["manual", "optimizer"])
@pytest.mark.parametrize("added", ["join", "restart"])
def test_a_group_added_later_has_its_scheduled_values_from_its_first_update_on(added: str, advance: str) -> None:
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, {"lr": FALL, "weight_decay": DROPS}, added=added, advance=advance)
    later = parameter()
    used: list[tuple[float, float]] = []

    def look(optimizer: torch.optim.Optimizer, *_: Any) -> None:
        if len(optimizer.param_groups) > 1:
            used.append((optimizer.param_groups[1]["lr"], optimizer.param_groups[1]["weight_decay"]))

    optimizer.register_step_pre_hook(look)
    for t in range(9):
        if t == 3:
            optimizer.add_param_group({"params": [later], "lr": 0.4, "weight_decay": 0.6})
        step(optimizer, *([scheduler] if advance == "manual" else []))
    own = [t if added == "join" else t - 3 for t in range(3, 9)]
    assert [each for pair in used for each in pair] == pytest.approx(
        [value for t in own for value in (0.4 * FALL(t), 0.6 * DROPS(t))], rel=1e-12
    )
    assert column(optimizer, "lr")[0] == pytest.approx(0.1 * FALL(9))


def test_a_group_added_later_finds_its_schedule_by_its_name() -> None:
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, {"g0": DROPS, "head": FALL})
    step(optimizer, scheduler)
    optimizer.add_param_group({"params": [parameter()], "lr": 0.4, "name": "head"})
    step(optimizer, scheduler)
    assert column(optimizer, "lr") == pytest.approx([0.1 * DROPS(2), 0.4 * FALL(2)])


@pytest.mark.parametrize("given", [[DROPS], {"g0": DROPS}])
def test_a_group_added_later_that_nothing_drives_is_left_alone_and_said_once(given: Any) -> None:
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, given)
    optimizer.add_param_group({"params": [parameter()], "lr": 0.4})
    with pytest.warns(UserWarning, match="param group 1 was added later and has no schedule of `lr`") as said:
        for _ in range(4):
            step(optimizer, scheduler)
    assert len(said) == 1
    assert column(optimizer, "lr") == pytest.approx([0.1 * DROPS(4), 0.4])
    assert scheduler.get_last_lr() == pytest.approx([0.1 * DROPS(4), 0.4])
    assert scheduler.schedules == (DROPS, None)


def test_a_state_saved_right_after_a_group_was_added_has_it() -> None:
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, FALL, added="restart")
    for _ in range(3):
        step(optimizer, scheduler)
    optimizer.add_param_group({"params": [parameter()], "lr": 0.4, "name": "head"})
    state = scheduler.state_dict()
    assert (state["base_lrs"], state["starts"]) == ([0.1, 0.4], [0, 3])

    again = torch.optim.AdamW([*groups(1), {"params": [parameter()], "lr": 0.4, "name": "head"}], lr=0.1)
    resumed = Scheduler(again, FALL, added="restart")
    resumed.load_state_dict(state)
    for _ in range(3):
        step(optimizer, scheduler)
        step(again, resumed)
    assert column(again, "lr") == column(optimizer, "lr") == pytest.approx([0.1 * FALL(6), 0.4 * FALL(3)])


def test_values_outside_the_optimizer_follow_the_same_clock() -> None:
    told: list[float] = []
    optimizer = adamw(1)
    scheduler = Scheduler(
        optimizer,
        FALL,
        values={"temperature": gs.LinearDecay(4) * 2.0, "batch_size": Value(DROPS, base=256, call=told.append)},
        advance="optimizer",
    )
    for t in range(6):
        assert scheduler.value("temperature") == max(2.0 * (1 - t / 4), 0)
        assert scheduler.values()["batch_size"] == 256 * DROPS(t)
        step(optimizer)
    assert told == [256, 128, 64]  # once when it was built, and when it changed
    scheduler.load_state_dict(scheduler.state_dict())
    assert told == [256, 128, 64, 64]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"lr": DROPS}, "`values` must have names of their own, got 'lr'"),
        ({"": DROPS}, "names of their own"),
        ({"lr/0": DROPS}, "names of their own"),
        ({"plateau": DROPS}, "names of their own"),
        ({"t": 0.1}, "must be a glideslope schedule, got 0.1"),
        ([DROPS], "must be a dict of names and schedules"),
        ({"t": gs.LinearDecay("10%")}, "must be resolved"),
    ],
)
def test_bad_values_outside_are_refused(values: Any, words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        Scheduler(adamw(), FALL, values=values)
    assert words in str(caught.value)
    for bad in ({"schedule": 1}, {"schedule": FALL, "base": -1}, {"schedule": FALL, "call": 3}):
        with pytest.raises(gs.ScheduleError, match="Value: "):
            Value(**bad)  # type: ignore[arg-type]


def test_values_is_a_flat_dict_of_floats_for_any_logger() -> None:
    scheduler = Scheduler(adamw(1), FALL)
    assert scheduler.values() == {"lr/g0": 0.1}
    alone = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=torch.tensor(0.5), weight_decay=0.1)
    scheduler = Scheduler(alone, {"lr": FALL, "weight_decay": FALL}, plateau=gs.Plateau(), values={"t": FALL})
    assert scheduler.values() == {"lr": 0.5, "weight_decay": 0.1, "t": 1.0, "plateau": 1.0}
    assert {type(value) for value in scheduler.values().values()} == {float}
    several = torch.optim.Adam([{"params": [parameter()]}, {"params": [parameter()], "name": "head"}], lr=0.5)
    assert list(Scheduler(several, {"lr": FALL, "betas[0]": RISE}).values()) == [
        "lr/0",
        "lr/head",
        "betas[0]/0",
        "betas[0]/head",
    ]
    twins = torch.optim.Adam([{"params": [parameter()], "name": "a"} for _ in range(2)], lr=0.5)
    assert list(Scheduler(twins, FALL).values()) == ["lr/0", "lr/1"]
    with pytest.raises(gs.ScheduleError, match=r"got 'lr/haed'. Did you mean `lr/head`\?"):
        Scheduler(several, FALL).value("lr/haed")


def test_a_value_written_by_something_else_is_overwritten_and_said_once() -> None:
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, {"lr": FALL, "betas[0]": RISE})
    step(optimizer, scheduler)
    optimizer.param_groups[0]["lr"] = 0.123
    with pytest.warns(UserWarning, match="the `lr` of param group 0 was set to 0.123 by something else") as said:
        step(optimizer, scheduler)
        optimizer.param_groups[0]["lr"] = 0.4
        step(optimizer, scheduler)
    assert len(said) == 1
    assert said[0].filename == __file__
    assert column(optimizer, "lr") == pytest.approx([0.1 * FALL(3)])


def test_torch_may_stand_after_it_in_a_sequence_without_a_false_alarm() -> None:
    optimizer = adamw(1)
    fall = torch.optim.lr_scheduler.LinearLR(optimizer, 0.5, 1.0, 3)
    ours = Scheduler(optimizer, gs.StepDecay(2))
    both = torch.optim.lr_scheduler.SequentialLR(optimizer, [fall, ours], [3])
    for _ in range(8):
        step(optimizer)
        both.step()
    assert column(optimizer, "lr") == pytest.approx([0.1 * gs.StepDecay(2)(5)])


def test_one_default_tensor_that_torch_puts_into_every_group_is_none_for_two_schedules() -> None:
    params = [{"params": [parameter()]}, {"params": [parameter()]}]
    optimizer = torch.optim.AdamW(params, lr=torch.tensor(0.1), foreach=False)
    Scheduler(optimizer, [gs.Constant(), gs.Constant(0.1)])
    assert [float(lr) for lr in column(optimizer, "lr")] == pytest.approx([0.1, 0.01])
    one = torch.optim.AdamW([{"params": [parameter()]}, {"params": [parameter()]}], lr=torch.tensor(0.1), foreach=False)
    Scheduler(one, FALL)
    assert one.param_groups[0]["lr"] is one.param_groups[1]["lr"]  # one schedule: one tensor does


def test_a_group_added_with_the_default_tensor_starts_from_its_base() -> None:
    optimizer = torch.optim.AdamW([parameter()], lr=torch.tensor(0.1), foreach=False)
    scheduler = Scheduler(optimizer, FALL, added="restart")
    for _ in range(4):
        step(optimizer, scheduler)
    optimizer.add_param_group({"params": [parameter()]})
    step(optimizer)
    assert [float(lr) for lr in column(optimizer, "lr")] == pytest.approx([0.1 * FALL(4), 0.1 * FALL(0)])


@pytest.mark.parametrize("given", [DROPS, [DROPS, FALL, RISE], {"g0": DROPS, "g1": FALL, "g2": RISE}])
def test_a_group_that_is_removed_takes_nothing_with_it(given: Any) -> None:
    optimizer = adamw(3)
    scheduler = Scheduler(optimizer, given)
    step(optimizer, scheduler)
    del optimizer.param_groups[1]
    for t in (2, 3):
        step(optimizer, scheduler)
        last = given if isinstance(given, gs.Schedule) else RISE
        assert column(optimizer, "lr") == pytest.approx([0.1 * DROPS(t), 0.3 * last(t)], rel=1e-6)
    assert list(scheduler.values()) == ["lr/g0", "lr/g2"]
    assert len(scheduler.state_dict()["base_lrs"]) == 2


def test_a_checkpoint_without_names_takes_no_schedule_away() -> None:
    optimizer = adamw(2)
    scheduler = Scheduler(optimizer, {"g0": DROPS, "g1": FALL})
    state = optimizer.state_dict()
    for group in state["param_groups"]:
        del group["name"]
    optimizer.load_state_dict(state)
    step(optimizer, scheduler)
    assert column(optimizer, "lr") == pytest.approx([0.1 * DROPS(1), 0.2 * FALL(1)])


def test_a_checkpoint_without_a_scheduled_entry_gets_it_back() -> None:
    optimizer = torch.optim.SGD([{"params": [parameter()], "scale": -2.0}], lr=0.1)
    scheduler = Scheduler(optimizer, {"lr": DROPS, "scale": FALL})
    state = optimizer.state_dict()
    del state["param_groups"][0]["scale"]
    optimizer.load_state_dict(state)
    step(optimizer, scheduler)
    assert optimizer.param_groups[0]["scale"] == pytest.approx(-2.0 * FALL(1))
    scheduler.load_state_dict(scheduler.state_dict())


def test_every_number_of_every_optimizer_of_torch_can_be_scheduled_saved_and_loaded() -> None:
    from glideslope.torch._keys import keys_of

    tried = 0
    for name in sorted(vars(torch.optim)):
        cls = getattr(torch.optim, name)
        if not (isinstance(cls, type) and issubclass(cls, torch.optim.Optimizer)) or cls is torch.optim.Optimizer:
            continue
        weight = torch.nn.Parameter(torch.ones(3, 3))
        optimizer = cls([weight]) if name != "SparseAdam" else cls([weight], lr=0.1)
        scheduler = Scheduler(optimizer, dict.fromkeys(keys_of(optimizer.param_groups), RISE))
        for _ in range(3):
            weight.grad = torch.ones(3, 3) if name != "SparseAdam" else torch.ones(3, 3).to_sparse()
            optimizer.step(lambda weight=weight: weight.sum()) if name == "LBFGS" else optimizer.step()
            scheduler.step()
        scheduler.load_state_dict(scheduler.state_dict())
        tried += 1
    assert tried >= 12


def test_a_whole_number_stays_one() -> None:
    optimizer = torch.optim.LBFGS([parameter()], max_iter=20)
    scheduler = Scheduler(optimizer, {"max_iter": gs.LinearDecay(10)})
    seen = []
    for _ in range(3):
        seen.append(optimizer.param_groups[0]["max_iter"])
        optimizer.step(lambda: torch.tensor(0.0, requires_grad=True))
        scheduler.step()
    assert seen == [20, 18, 16]
    assert {type(each) for each in seen} == {int}
    own = torch.optim.SGD([{"params": [parameter()], "temperature": 1}], lr=0.1)
    Scheduler(own, {"temperature": gs.Constant(0.5)})
    assert own.param_groups[0]["temperature"] == 0.5  # of a number it does not know it cannot say that it counts


@pytest.mark.parametrize("lr", [None, float("nan"), torch.zeros(2), torch.tensor(float("inf"))])
def test_an_lr_that_is_no_number_is_refused_before_anything_is_written(lr: Any) -> None:
    optimizer = torch.optim.SGD([parameter()], lr=0.1)
    optimizer.param_groups[0]["lr"] = lr
    with pytest.raises(gs.ScheduleError, match="the `lr` of param group 0 must be a finite number, got"):
        Scheduler(optimizer, DROPS)
    assert "initial_lr" not in optimizer.param_groups[0]
    if lr is None:  # as in Adafactor of transformers: another number may still be scheduled
        scheduler = Scheduler(optimizer, {"momentum": DROPS})
        scheduler.load_state_dict(scheduler.state_dict())


def test_a_tensor_replaced_by_a_number_is_said() -> None:
    optimizer = torch.optim.SGD([parameter()], lr=torch.tensor(0.1))
    scheduler = Scheduler(optimizer, DROPS)
    optimizer.param_groups[0]["lr"] = 0.7
    with pytest.warns(UserWarning, match="was set to 0.7 by something else"):
        step(optimizer, scheduler)
    assert float(optimizer.param_groups[0]["lr"]) == pytest.approx(0.1)


def test_what_was_said_stops_no_write_half_way() -> None:
    optimizer = adamw(3)
    scheduler = Scheduler(optimizer, FALL)
    optimizer.param_groups[0]["lr"] = 0.7
    optimizer.step()
    with pytest.raises(UserWarning, match="overwritten"):  # warnings are errors here
        scheduler.step()
    assert column(optimizer, "lr") == pytest.approx([0.1 * FALL(1), 0.2 * FALL(1), 0.3 * FALL(1)])


def test_a_base_set_by_hand_is_the_base_from_then_on() -> None:
    optimizer = adamw(2)
    scheduler = Scheduler(optimizer, FALL)
    step(optimizer, scheduler)
    scheduler.base_lrs = [0.5, 0.6]
    assert column(optimizer, "lr") == pytest.approx([0.5 * FALL(1), 0.6 * FALL(1)])
    optimizer.load_state_dict(optimizer.state_dict())
    step(optimizer, scheduler)
    assert column(optimizer, "lr") == pytest.approx([0.5 * FALL(2), 0.6 * FALL(2)])
    with pytest.raises(gs.ScheduleError, match="`base_lrs` must have 2 numbers"):
        scheduler.base_lrs = [0.5]


@pytest.mark.parametrize("later", [0, 1])
def test_a_group_added_in_a_cooldown_has_its_own_time(later: int) -> None:
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, gs.Constant().warmup(3, start_factor=0.0), added="restart")
    for _ in range(5):
        step(optimizer, scheduler)
    scheduler.cooldown(10, to=0.1, shape="exponential")
    for _ in range(later):
        step(optimizer, scheduler)
    optimizer.add_param_group({"params": [parameter()], "lr": 0.6})
    for _ in range(4):
        step(optimizer, scheduler)
    assert column(optimizer, "lr")[1] == 0.6


def test_a_trainer_that_counts_by_itself_gets_the_lr_and_is_told_of_the_rest() -> None:
    """Ignite's wrapper never calls step(): it writes get_lr() and then adds one to last_epoch."""
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, FALL, plateau=gs.Plateau(patience=0, factor=0.5))
    for t in range(8):
        optimizer.param_groups[0]["lr"] = scheduler.get_lr()[0]
        scheduler.last_epoch += 1
        assert column(optimizer, "lr") == pytest.approx([0.1 * FALL(t) * (0.5 if t > 4 else 1)])
        step(optimizer)
        if t in (2, 4):
            scheduler.observe(1.0)  # what Ignite wrote is no surprise
    both = Scheduler(adamw(1), {"lr": FALL, "weight_decay": DROPS})
    with pytest.warns(UserWarning, match="`last_epoch` is set from outside, so nothing but the lr can follow"):
        both.last_epoch += 1


def test_a_group_added_before_the_checkpoint_of_the_optimizer_is_loaded() -> None:
    optimizer = adamw(1)
    scheduler = Scheduler(optimizer, {"lr": FALL, "weight_decay": DROPS}, added="restart")
    for _ in range(3):
        step(optimizer, scheduler)
    optimizer.add_param_group({"params": [parameter()], "lr": 0.4, "weight_decay": 0.5})
    step(optimizer, scheduler)
    saved = copy.deepcopy((optimizer.state_dict(), scheduler.state_dict()))
    again = adamw(1)
    resumed = Scheduler(again, {"lr": FALL, "weight_decay": DROPS}, added="restart")
    again.add_param_group({"params": [parameter()], "lr": 0.4, "weight_decay": 0.5})
    again.load_state_dict(saved[0])
    resumed.load_state_dict(saved[1])
    for _ in range(3):
        step(optimizer, scheduler)
        step(again, resumed)
    assert column(again, "lr") == column(optimizer, "lr")
    assert column(again, "weight_decay") == column(optimizer, "weight_decay") == pytest.approx([0.0125, 0.25])


def test_a_load_that_torch_does_not_tell_of_changes_no_base() -> None:
    optimizer = torch.optim.SGD(groups(2), lr=0.1, weight_decay=0.1)
    scheduler = Scheduler(optimizer, {"lr": [FALL, DROPS], "weight_decay": FALL})
    for t in range(1, 6):
        step(optimizer, scheduler)
        optimizer.__setstate__({"param_groups": [dict(group) for group in optimizer.param_groups]})
        assert column(optimizer, "weight_decay") == pytest.approx([0.1 * FALL(t)] * 2)
        assert column(optimizer, "lr") == pytest.approx([0.1 * FALL(t), 0.2 * DROPS(t)])


def test_a_group_put_in_the_place_of_another_has_its_own_base() -> None:
    optimizer = adamw(2)
    scheduler = Scheduler(optimizer, FALL)
    step(optimizer, scheduler)
    del optimizer.param_groups[1]
    optimizer.add_param_group({"params": [parameter()], "lr": 0.7})
    step(optimizer, scheduler)
    assert column(optimizer, "lr") == pytest.approx([0.1 * FALL(2), 0.7 * FALL(2)])


def test_the_state_that_save_best_writes_knows_the_best() -> None:
    optimizer = adamw(1)
    states: list[Any] = []
    scheduler = Scheduler(
        optimizer, FALL, plateau=gs.Plateau(), save_best=lambda: states.append(scheduler.state_dict())
    )
    for metric in (3.0, 2.0, 4.0, 1.0):
        scheduler.observe(metric)
    assert [state["progress"]["best"] for state in states] == [3.0, 2.0, 1.0]


def test_one_that_waits_in_torchs_sequence_gives_no_reason_to_warn() -> None:
    optimizer = adamw(1)
    rise = torch.optim.lr_scheduler.LinearLR(optimizer, 0.5, 1.0, 300)
    fall = gs.LinearDecay("100%")
    ours = Scheduler(optimizer, fall, run=gs.Run(epochs=10, steps_per_epoch=100), plateau=gs.Plateau())
    both = torch.optim.lr_scheduler.SequentialLR(optimizer, [rise, ours], [300])
    for t in range(330):
        step(optimizer)
        both.step()
        if t == 100:
            ours.observe(1.0)
    assert column(optimizer, "lr") == pytest.approx([0.1 * (1 - 30 / 1000)])


def test_a_group_lower_than_the_end_of_a_cooldown_stays_there() -> None:
    optimizer = adamw(2)
    scheduler = Scheduler(optimizer, [gs.Constant(), gs.Constant(0.1)])
    scheduler.cooldown(4, to=0.5)
    for _ in range(6):
        step(optimizer, scheduler)
    assert column(optimizer, "lr") == pytest.approx([0.05, 0.02])


def test_a_group_without_an_entry_needs_no_name_and_gets_no_entry() -> None:
    optimizer = torch.optim.SGD(
        [{"params": [parameter()], "scale": 2.0, "name": "a"}, {"params": [parameter()], "name": "b"}], lr=0.1
    )
    scheduler = Scheduler(optimizer, {"scale": {"a": FALL}})
    optimizer.load_state_dict(optimizer.state_dict())
    step(optimizer, scheduler)
    assert "scale" not in optimizer.param_groups[1]
    assert optimizer.param_groups[0]["scale"] == pytest.approx(2.0 * FALL(1))


def test_parameters_replaced_in_every_group_are_the_same_groups() -> None:
    """What sharding does: other parameters in the same groups."""
    optimizer = adamw(2)
    scheduler = Scheduler(optimizer, [FALL, DROPS], added="restart")
    for _ in range(3):
        step(optimizer, scheduler)
    for group in optimizer.param_groups:
        group["params"] = [parameter()]
    step(optimizer, scheduler)
    assert column(optimizer, "lr") == pytest.approx([0.1 * FALL(4), 0.2 * DROPS(4)])
    assert scheduler.state_dict()["starts"] == [0, 0]


def test_the_first_group_that_something_else_wrote_is_named() -> None:
    optimizer = adamw(3)
    scheduler = Scheduler(optimizer, FALL)
    for group in optimizer.param_groups[1:]:
        group["lr"] = 0.7
    with pytest.warns(UserWarning, match="param group 1 was set to 0.7"):
        step(optimizer, scheduler)


def test_a_list_of_betas_stays_a_list_and_a_whole_number_is_rounded_to_the_nearest() -> None:
    optimizer = adamw(1)
    optimizer.param_groups[0]["betas"] = [0.9, 0.99]
    Scheduler(optimizer, {"betas[0]": RISE})
    assert optimizer.param_groups[0]["betas"] == pytest.approx([0.9 * RISE(0), 0.99])
    assert isinstance(optimizer.param_groups[0]["betas"], list)
    lbfgs = torch.optim.LBFGS([parameter()], max_iter=20)
    Scheduler(lbfgs, {"max_iter": gs.Constant(0.19)})
    assert lbfgs.param_groups[0]["max_iter"] == 4


def test_a_negative_base_keeps_its_sign() -> None:
    optimizer = torch.optim.SGD([{"params": [parameter()], "scale": -2.0}], lr=0.1)
    scheduler = Scheduler(optimizer, {"scale": FALL})
    with pytest.raises(gs.ScheduleError, match="must have the sign of its base, -2, got 1.0"):
        scheduler.override(scale=1.0)
    scheduler.override(scale=-1.0)
    assert optimizer.param_groups[0]["scale"] == -1.0


def test_a_group_added_while_it_waits_in_torchs_sequence_begins_with_it() -> None:
    optimizer = adamw(1)
    rise = torch.optim.lr_scheduler.LinearLR(optimizer, 0.5, 1.0, 4)
    ours = Scheduler(optimizer, FALL, added="restart")
    both = torch.optim.lr_scheduler.SequentialLR(optimizer, [rise, ours], [4])
    step(optimizer)
    both.step()
    optimizer.add_param_group({"params": [parameter()], "lr": 0.4, "initial_lr": 0.4, "name": "late"})
    rise.base_lrs.append(0.4)
    for _ in range(6):
        step(optimizer)
        both.step()
    assert column(optimizer, "lr") == pytest.approx([0.1 * FALL(3), 0.4 * FALL(3)])
    assert ours.state_dict()["starts"] == [0, 0]
