"""glideslope.torch.Scheduler on real optimizers."""

import copy
import gc
import io
import json
import pickle
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim.lr_scheduler import LRScheduler

import glideslope as gs
from glideslope.torch import Scheduler

STAIRS = gs.MultiStepDecay([2, 5], gamma=0.5).warmup(2)
OPTIMIZERS: list[Callable[[Any], torch.optim.Optimizer]] = [
    lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    lambda p: torch.optim.Adam(p, lr=0.1),
    lambda p: torch.optim.AdamW(p, lr=torch.tensor(0.1, dtype=torch.float64), capturable=False, foreach=False),
    lambda p: torch.optim.RMSprop(p, lr=0.1),
    lambda p: torch.optim.Adagrad(p, lr=0.1),
]


def model() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 1))


def groups(net: torch.nn.Module) -> list[dict[str, Any]]:
    return [{"params": list(net[0].parameters()), "lr": 0.2}, {"params": list(net[1].parameters())}]  # type: ignore[index]


def update(net: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    net(torch.ones(2, 3)).square().mean().backward()
    optimizer.step()


def lrs(optimizer: torch.optim.Optimizer) -> list[float]:
    return [float(group["lr"]) for group in optimizer.param_groups]


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("advance", ["manual", "optimizer"])
def test_every_group_gets_its_base_lr_times_the_factor(make: Any, advance: str) -> None:
    net = model()
    optimizer = make(groups(net))
    scheduler = Scheduler(optimizer, STAIRS, advance=advance)
    for t in range(8):
        assert lrs(optimizer) == pytest.approx([0.2 * STAIRS(t), 0.1 * STAIRS(t)], rel=1e-12)
        assert scheduler.get_last_lr() == scheduler.get_lr() == pytest.approx(lrs(optimizer), rel=1e-12)
        assert scheduler.last_epoch == t
        update(net, optimizer)
        if advance == "manual":
            scheduler.step()


def test_is_a_real_torch_scheduler_and_leaves_the_optimizer_alone() -> None:
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    step, keys = optimizer.step, set(optimizer.param_groups[0])
    scheduler = Scheduler(optimizer, STAIRS)
    assert isinstance(scheduler, LRScheduler)
    assert optimizer.step == step
    assert "step" not in vars(optimizer)
    assert set(optimizer.param_groups[0]) - keys == {"initial_lr"}
    assert not hasattr(scheduler, "total_steps")  # Accelerate stops stepping an object that has one
    assert not callable(scheduler)  # DeepSpeed calls what is callable
    assert scheduler.optimizer is optimizer
    assert scheduler.base_lrs == [0.1]


def test_a_tensor_lr_is_filled_in_place_and_keeps_its_type() -> None:
    lr = torch.tensor(0.1, dtype=torch.float32)
    net = model()
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    held = optimizer.param_groups[0]["lr"]
    scheduler = Scheduler(optimizer, gs.StepDecay(1, gamma=0.5))
    for t in range(5):
        assert optimizer.param_groups[0]["lr"] is held
        assert held.dtype == torch.float32
        assert float(held) == pytest.approx(0.1 * 0.5**t, rel=1e-6)
        update(net, optimizer)
        scheduler.step()


def test_a_long_warmup_of_a_half_precision_lr_arrives() -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=torch.tensor(0.1, dtype=torch.bfloat16))
    scheduler = Scheduler(optimizer, gs.Constant().warmup(1000, start_factor=0.001))
    for _ in range(1000):
        optimizer.step()
        scheduler.step()
    assert lrs(optimizer) == [pytest.approx(0.1, rel=2**-8)]  # torch's recursive update ends at 0.031


def test_advancing_by_the_optimizer_counts_real_updates_only() -> None:
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS, advance="optimizer")
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
    for batch in range(12):  # an update every 3 batches; the second one overflows and is skipped
        loss = net(torch.ones(2, 3)).square().mean() * (float("inf") if batch == 4 else 1.0)
        scaler.scale(loss).backward()
        if batch % 3 == 2:
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
    assert scheduler.last_epoch == 3


def test_two_optimizers_advance_their_own_schedulers() -> None:
    nets = model(), model()
    optimizers = [torch.optim.SGD(net.parameters(), lr=0.1) for net in nets]
    schedulers = [Scheduler(o, STAIRS, advance="optimizer") for o in optimizers]
    for _ in range(3):
        update(nets[0], optimizers[0])
    update(nets[1], optimizers[1])
    assert [s.last_epoch for s in schedulers] == [3, 1]


def test_a_step_by_hand_beside_the_optimizer_changes_nothing_and_is_said_once() -> None:
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS, advance="optimizer")
    with pytest.warns(UserWarning, match="moves by itself") as said:
        for _ in range(3):
            update(net, optimizer)
            scheduler.step()
    assert len(said) == 1
    assert said[0].filename == __file__
    assert scheduler.last_epoch == 3


def test_a_metric_is_not_swallowed_in_silence() -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS)
    with pytest.warns(UserWarning, match="no plateau to follow it") as said:
        optimizer.step()
        scheduler.step(0.5)
        scheduler.step(0.4)
    assert len(said) == 1
    assert scheduler.last_epoch == 2


@given(st.integers(0, 9), st.sampled_from(["build, optimizer, scheduler", "build, scheduler, optimizer", "optimizer, build, scheduler"]), st.sampled_from(["manual", "optimizer"]))  # fmt: skip
def test_stopping_anywhere_and_resuming_in_any_order_is_never_stopping(stop: int, order: str, advance: str) -> None:
    def run(net: Any, optimizer: Any, scheduler: Any, steps: int) -> list[list[float]]:
        seen = []
        for _ in range(steps):
            seen.append(lrs(optimizer))
            update(net, optimizer)
            if advance == "manual":
                scheduler.step()
        return seen

    def fresh() -> tuple[Any, Any]:
        net = model()
        return net, torch.optim.AdamW(groups(net), lr=0.1)

    net, optimizer = fresh()
    whole = run(net, optimizer, Scheduler(optimizer, STAIRS, advance=advance), 10)

    net, optimizer = fresh()
    scheduler = Scheduler(optimizer, STAIRS, advance=advance)
    first = run(net, optimizer, scheduler, stop)
    file = io.BytesIO()
    torch.save(
        {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}, file
    )
    state = torch.load(io.BytesIO(file.getvalue()), weights_only=True)

    net, optimizer = fresh()
    net.load_state_dict(state["net"])
    for what in order.split(", "):
        if what == "build":
            scheduler = Scheduler(optimizer, STAIRS, advance=advance)
        elif what == "optimizer":
            optimizer.load_state_dict(state["optimizer"])
        else:
            before = copy.deepcopy(state["scheduler"])
            scheduler.load_state_dict(state["scheduler"])
            scheduler.load_state_dict(state["scheduler"])
            assert state["scheduler"] == before
    assert first + run(net, optimizer, scheduler, 10 - stop) == whole


def test_the_state_is_plain_and_names_its_schedule() -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=torch.tensor(0.5))
    state = Scheduler(optimizer, STAIRS).state_dict()
    assert {key: state[key] for key in ("schedule", "last_epoch", "base_lrs", "_step_count")} == {
        "schedule": repr(STAIRS),
        "last_epoch": 0,
        "base_lrs": [0.5],
        "_step_count": 1,
    }
    assert json.loads(json.dumps(state)) == state
    assert gs.parse(state["schedule"]) == STAIRS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"schedule": "StepDecay(30)"},
            "it was made with StepDecay(30, gamma=0.1), and this scheduler has MultiStepDecay",
        ),
        ({"schedule": "StepDecay(30)"}, "these two differ first at step 0: 1 against 0.333333"),
        ({"base_lrs": [0.1, 0.2]}, "one base lr for each of 1 param groups, got [0.1, 0.2]"),
        ({"schedule": None}, "parse"),
        ({"schedule": "StepDecy(30)"}, "Did you mean `StepDecay`?"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(change: dict[str, Any], words: str) -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS)
    before = scheduler.state_dict(), lrs(optimizer)
    with pytest.raises(gs.ScheduleError) as caught:
        scheduler.load_state_dict({**scheduler.state_dict(), "last_epoch": 7, **change})
    assert words in str(caught.value)
    assert (scheduler.state_dict(), lrs(optimizer)) == before
    for state in (None, {}, {"last_epoch": 3}, [1]):
        with pytest.raises(gs.ScheduleError, match="load_state_dict"):
            scheduler.load_state_dict(state)  # type: ignore[arg-type]


def test_a_bad_count_in_a_state_is_refused_and_changes_nothing() -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS)
    before = scheduler.state_dict()
    for key, value in (
        ("last_epoch", -5),
        ("last_epoch", "x"),
        ("last_epoch", 1.5),
        ("base_lrs", ["x"]),
        ("base_lrs", 3),
        ("_step_count", None),
    ):
        with pytest.raises(gs.ScheduleError, match=key):
            scheduler.load_state_dict({**before, key: value})
        assert scheduler.state_dict() == before


def test_a_group_added_later_joins_at_the_position_of_the_run() -> None:
    net, head = model(), torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS)
    for t in range(8):
        if t == 3:
            optimizer.add_param_group({"params": head.parameters(), "lr": 0.4})
        optimizer.step()
        scheduler.step()
    assert lrs(optimizer) == pytest.approx([0.1 * STAIRS(8), 0.4 * STAIRS(8)])
    assert len(scheduler.get_last_lr()) == 2


def test_durations_are_resolved_by_the_run_or_refused_before_anything_is_written() -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    with pytest.raises(gs.ScheduleError, match="must be resolved"):
        Scheduler(optimizer, gs.StepDecay("30ep").warmup(5))
    assert optimizer.param_groups[0]["lr"] == 0.1
    assert "initial_lr" not in optimizer.param_groups[0]
    run = gs.Run(epochs=90, steps_per_epoch=10)
    assert Scheduler(optimizer, gs.StepDecay("30ep"), run=run).schedule == gs.StepDecay(300)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((None, STAIRS), "`optimizer` must be a torch.optim.Optimizer, got None"),
        ((STAIRS, STAIRS), "`optimizer` must be a torch.optim.Optimizer"),
    ],
)
def test_what_is_no_optimizer_is_refused(arguments: tuple[Any, Any], words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        Scheduler(*arguments)
    assert words in str(caught.value)


@pytest.mark.parametrize("schedule", [None, "StepDecay(30)", 0.1, lambda t: 1.0, gs.StepDecay])
def test_what_is_no_schedule_is_refused(schedule: Any) -> None:
    with pytest.raises(gs.ScheduleError, match="`schedule` must be a glideslope schedule"):
        Scheduler(torch.optim.SGD(model().parameters(), lr=0.1), schedule)


@pytest.mark.parametrize("advance", [None, "auto", True, 1])
def test_another_word_for_advance_is_refused(advance: Any) -> None:
    with pytest.raises(gs.ScheduleError, match='`advance` must be one of "manual", "optimizer"'):
        Scheduler(torch.optim.SGD(model().parameters(), lr=0.1), STAIRS, advance=advance)


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))])
@pytest.mark.parametrize("advance", ["manual", "optimizer"])
def test_a_copy_goes_on_by_itself(twin: Any, advance: str) -> None:
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS, advance=advance)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net2, optimizer2, scheduler2 = twin((net, optimizer, scheduler))
    for _ in range(3):
        update(net2, optimizer2)
        if advance == "manual":
            scheduler2.step()
    assert (scheduler.last_epoch, scheduler2.last_epoch) == (0, 3)
    assert scheduler2.optimizer is optimizer2


def test_neither_holds_the_other_alive() -> None:
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS, advance="optimizer")
    gone = weakref.ref(scheduler)
    gc.disable()
    try:
        del scheduler
        assert gone() is None
        assert not optimizer._optimizer_step_post_hooks
        scheduler = Scheduler(optimizer, STAIRS, advance="optimizer")
        gone_too = weakref.ref(optimizer)
        del scheduler, optimizer
        assert gone_too() is None
    finally:
        gc.enable()


def test_the_optimizers_step_may_be_compiled_or_wrapped_before() -> None:
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    inner = optimizer.step
    optimizer.step = lambda *args: inner(*args)  # type: ignore[method-assign,misc]
    scheduler = Scheduler(optimizer, STAIRS, advance="optimizer")
    update(net, optimizer)
    assert scheduler.last_epoch == 1


def test_the_textbook_loop_trains_with_the_lr_of_its_own_epoch() -> None:
    """optimizer.step() then scheduler.step(): epoch t trains with schedule(t); plain SGD shows the lr it used."""
    w = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.SGD([w], lr=1.0)
    scheduler = Scheduler(optimizer, gs.MultiStepDecay([2, 4], gamma=0.1))
    used = []
    for _ in range(6):
        before = w.item()
        optimizer.zero_grad()
        w.sum().backward()
        optimizer.step()
        used.append(before - w.item())
        scheduler.step()
    assert used == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_stands_inside_torchs_sequential() -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    warm = torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, 1.0, 4)
    both = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, Scheduler(optimizer, gs.StepDecay(3))], [4])
    seen = []
    for _ in range(10):
        seen += lrs(optimizer)
        optimizer.step()
        both.step()
    assert seen == pytest.approx([0.01, 0.0325, 0.055, 0.0775, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01])


def test_the_wrong_order_by_hand_is_said_once_at_the_callers_line() -> None:
    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, STAIRS)
    with pytest.warns(UserWarning, match=r"Scheduler: step\(\) was called before optimizer.step\(\)") as said:
        for _ in range(3):
            scheduler.step()
            optimizer.step()
    assert len(said) == 1
    assert said[0].filename == __file__


def test_a_shape_of_ones_own_is_saved_and_loaded_but_has_no_dict() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True, slots=True, repr=False)
    class Half(gs.Schedule):
        def _factor(self, t: Any, ops: Any) -> Any:
            return ops.full(t, 0.5)

        def _horizon(self) -> int:
            return 0

    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    scheduler = Scheduler(optimizer, Half())
    scheduler.load_state_dict(scheduler.state_dict())
    assert lrs(optimizer) == [0.05]
    with pytest.raises(gs.ScheduleError, match="be of a class in the catalogue, got 'Half'"):
        gs.to_dict(Half())
