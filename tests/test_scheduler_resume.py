"""Scheduler: stopping, resuming, changing one's mind, and changes by hand."""

import contextlib
import copy
import io
import json
import logging
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import glideslope as gs
from glideslope.torch import Scheduler, Value

N = 24
OLD, NEW = gs.CosineDecay(20).warmup(4), gs.LinearDecay(40, end_factor=0.1)


def new_optimizer(tensors: bool = False) -> torch.optim.AdamW:
    torch.manual_seed(0)
    groups: list[dict[str, Any]] = [
        {"params": [torch.nn.Parameter(torch.ones(2))], "lr": 0.1, "name": "body"},
        {"params": [torch.nn.Parameter(torch.ones(3))], "lr": 0.4, "name": "head"},
    ]
    if tensors:
        for group in groups:
            group["lr"] = torch.tensor(group["lr"], dtype=torch.float64)
    return torch.optim.AdamW(groups, lr=0.1, weight_decay=0.05)


def update(optimizer: torch.optim.Optimizer) -> None:
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = torch.full_like(p, 0.5)
    optimizer.step()


def numbers(optimizer: torch.optim.Optimizer) -> list[Any]:
    return [
        [*map(float, (group["lr"], group["weight_decay"], *group["betas"])), *(p.tolist() for p in group["params"])]
        for group in optimizer.param_groups
    ]


def lrs(optimizer: torch.optim.Optimizer) -> list[float]:
    return [float(group["lr"]) for group in optimizer.param_groups]


def rich(optimizer: Any) -> Scheduler:
    return Scheduler(
        optimizer,
        {"lr": {"body": OLD, "head": NEW}, "weight_decay": gs.MultiStepDecay([5, 11]), "betas[0]": [OLD, OLD]},
        plateau=gs.Plateau(patience=1, factor=0.5, cooldown=1, min_factor=0.1),
        values={"temperature": Value(gs.ExponentialDecay(0.9), base=3.0)},
    )


WAYS: dict[str, Callable[[Any], Scheduler]] = {
    "plain": lambda o: Scheduler(o, OLD),
    "rich": rich,
    "by itself": lambda o: Scheduler(o, [OLD, NEW], advance="optimizer"),
    "on the device": lambda o: Scheduler(o, {"lr": OLD, "weight_decay": NEW}, device=True),
    "restarting": lambda o: Scheduler(o, OLD, added="restart"),
}

ACTIONS = st.lists(st.tuples(st.integers(0, N - 1), st.sampled_from(["cooldown", "override", "undo"])), max_size=4)


def act(scheduler: Scheduler, what: str) -> None:
    if what == "cooldown":
        scheduler.cooldown(6, shape="linear")
    elif what == "override":
        scheduler.override(lr=0.02, until=scheduler.last_epoch + 4)
    else:
        with contextlib.suppress(gs.ScheduleError):  # there may be nothing to undo
            scheduler.undo()


def train(optimizer: Any, scheduler: Scheduler, start: int, stop: int, actions: list[tuple[int, str]]) -> list[Any]:
    seen = []
    for t in range(start, stop):
        for when, what in actions:
            if when == t:
                act(scheduler, what)
        seen.append(numbers(optimizer))
        update(optimizer)
        if scheduler.advance == "manual":
            if scheduler.plateau is not None:
                scheduler.step([3.0, 2.0, 2.5, 2.5][t % 4] if t < 12 else 2.5)
            else:
                scheduler.step()
    return seen


@given(
    st.sampled_from(sorted(WAYS)),
    st.integers(0, N),
    st.permutations(["build", "optimizer", "scheduler"]).filter(lambda o: o.index("build") < o.index("scheduler")),
    ACTIONS,
    st.booleans(),
)
def test_stopping_at_any_step_and_loading_in_any_order_is_never_stopping(
    way: str, stop: int, order: list[str], actions: list[tuple[int, str]], tensors: bool
) -> None:
    build = WAYS[way]
    optimizer = new_optimizer(tensors)
    whole = train(optimizer, build(optimizer), 0, N, actions)

    optimizer = new_optimizer(tensors)
    scheduler = build(optimizer)
    first = train(optimizer, scheduler, 0, stop, actions)
    file = io.BytesIO()
    torch.save({"optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}, file)
    weights = [p.detach().clone() for group in optimizer.param_groups for p in group["params"]]
    state = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    state["scheduler"] = json.loads(json.dumps(state["scheduler"]))
    before = copy.deepcopy(state["scheduler"])

    optimizer = new_optimizer(tensors)
    with torch.no_grad():
        for p, weight in zip((p for g in optimizer.param_groups for p in g["params"]), weights, strict=True):
            p.copy_(weight)
    for what in order:
        if what == "build":
            scheduler = build(optimizer)
        elif what == "optimizer":
            optimizer.load_state_dict(state["optimizer"])
        else:
            scheduler.load_state_dict(state["scheduler"])
            scheduler.load_state_dict(state["scheduler"])  # two loads are one
    assert scheduler.state_dict() == before == state["scheduler"]
    assert first + train(optimizer, scheduler, stop, N, actions) == whole


def at(step: int, schedule: gs.Schedule = OLD, **more: Any) -> tuple[Any, dict[str, Any]]:
    """A training stopped at a step, and its state."""
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, schedule, **more)
    for _ in range(step):
        update(optimizer)
        scheduler.step()
    return optimizer, scheduler.state_dict()


def follow(scheduler: Scheduler, optimizer: Any, steps: int) -> list[float]:
    """The lr of the first group over some more steps, divided by its base."""
    seen = []
    for _ in range(steps):
        seen.append(lrs(optimizer)[0] / 0.1)
        assert lrs(optimizer)[1] == pytest.approx(4 * lrs(optimizer)[0])  # the ratio of the groups is kept
        update(optimizer)
        scheduler.step()
    return seen


@pytest.mark.parametrize("by", ["constructor", "call"])
@pytest.mark.parametrize(
    ("policy", "want"),
    [
        ("mine", [NEW(t) for t in range(10, 20)]),
        ("checkpoint", [OLD(t) for t in range(10, 20)]),
        ("continue", [NEW(t) * OLD(10) / NEW(10) for t in range(10, 20)]),
        ("stretch", [NEW(t) for t in range(20, 30)]),  # half of the old 20 steps is half of the new 40
    ],
)
def test_a_policy_says_what_becomes_of_another_schedule(policy: str, want: list[float], by: str, caplog: Any) -> None:
    _, state = at(10)
    before = copy.deepcopy(state)
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, NEW, **({"policy": policy} if by == "constructor" else {}))
    for _ in range(2):  # two loads are one
        with caplog.at_level(logging.WARNING, "glideslope"):
            scheduler.load_state_dict(state, *([] if by == "constructor" else [policy]))
    assert state == before
    assert repr(policy) in caplog.text
    (record,) = scheduler.history
    assert (record["what"], record["step"], record["schedule"]) == (policy, 10, repr(OLD))
    assert follow(scheduler, optimizer, 10) == pytest.approx(want, rel=1e-12)

    kept = scheduler.state_dict()  # what was decided is kept: a resume of the resume goes on exactly
    again = new_optimizer()
    resumed = Scheduler(again, OLD if policy == "checkpoint" else NEW)
    resumed.load_state_dict(json.loads(json.dumps(kept)))
    assert follow(resumed, again, 8) == follow(scheduler, optimizer, 8)


def test_strict_is_the_default_and_shows_the_difference_and_the_ways_on() -> None:
    _, state = at(10)
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, NEW)
    before = scheduler.state_dict(), lrs(optimizer)
    with pytest.raises(gs.ScheduleError) as caught:
        scheduler.load_state_dict(state)
    for words in (repr(OLD), repr(NEW), "differ first at step 0: 0.333333 against 1", '"continue" or "stretch"'):
        assert words in str(caught.value)
    assert (scheduler.state_dict(), lrs(optimizer)) == before


@given(st.integers(0, 30), st.integers(1, 60), st.sampled_from([gs.CosineDecay, gs.LinearDecay, gs.Rex]))
def test_stretching_by_one_changes_nothing_and_keeps_the_part_of_the_run(step: int, length: int, shape: Any) -> None:
    run = gs.Run(steps=30)
    _, state = at(step, shape("100%"), run=run)
    same, other = new_optimizer(), new_optimizer()
    scheduler = Scheduler(same, gs.PolynomialDecay("100%", power=2), run=run, policy="stretch")
    scheduler.load_state_dict(state)
    assert scheduler.last_epoch == step
    scheduler = Scheduler(other, shape("100%"), run=gs.Run(steps=length), policy="stretch")
    scheduler.load_state_dict(state)
    assert abs(scheduler.last_epoch / length - step / 30) <= 0.5 / length + 1e-12


@given(st.integers(0, 25), st.sampled_from([OLD, NEW, gs.StepDecay(7), gs.InverseSqrtDecay(5)]))
def test_continuing_never_jumps(step: int, new: gs.Schedule) -> None:
    old, state = at(step, gs.ExponentialDecay(0.95))
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, new, policy="continue")
    if new(step) == 0:
        with pytest.raises(gs.ScheduleError, match=f"must not be 0 at step {step} to be continued"):
            scheduler.load_state_dict(state)
        return
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("glideslope").addHandler(handler)
    try:
        scheduler.load_state_dict(state)
    finally:
        logging.getLogger("glideslope").removeHandler(handler)
    highest = max(each(t) for each in scheduler.schedules for t in range(step, 60))  # type: ignore[misc]
    assert sum("will rise to" in each for each in said) == (highest > 1.01)
    assert lrs(optimizer) == pytest.approx(lrs(old), rel=1e-12)
    twice = new_optimizer()
    third = Scheduler(twice, gs.Constant(), policy="continue")
    third.load_state_dict(scheduler.state_dict())
    assert lrs(twice) == pytest.approx(lrs(old), rel=1e-12)
    assert len(third.history) == (new != gs.Constant()) + 1


def test_continuing_takes_what_a_plateau_has_left_along() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant(), plateau=gs.Plateau(patience=0, factor=0.5))
    for metric in (1.0, 1.0, 1.0):
        update(optimizer)
        scheduler.step(metric)
    assert lrs(optimizer) == pytest.approx([0.025, 0.1])
    other = new_optimizer()
    with pytest.raises(gs.ScheduleError, match="made with the plateau"):
        Scheduler(other, gs.Constant()).load_state_dict(scheduler.state_dict())
    resumed = Scheduler(other, NEW, policy="continue")
    resumed.load_state_dict(scheduler.state_dict())
    assert lrs(other) == pytest.approx([0.025, 0.1])
    mine = Scheduler(other, NEW, policy="mine")
    mine.load_state_dict(scheduler.state_dict())
    assert lrs(other) == pytest.approx([0.1 * NEW(3), 0.4 * NEW(3)])


def test_stretching_needs_two_lengths() -> None:
    _, state = at(3, gs.InverseSqrtDecay(5))
    with pytest.raises(gs.ScheduleError, match="must know the length of both runs, got none and 40"):
        Scheduler(new_optimizer(), NEW, policy="stretch").load_state_dict(state)


def test_a_policy_brings_hyperparameters_in_and_out() -> None:
    optimizer, state = at(6)
    wide = new_optimizer()
    both = Scheduler(wide, {"lr": OLD, "weight_decay": NEW})
    with pytest.raises(gs.ScheduleError, match="it was made with CosineDecay"):
        both.load_state_dict(state)
    both.load_state_dict(state, "continue")
    assert lrs(wide) == pytest.approx(lrs(optimizer))
    assert [g["weight_decay"] for g in wide.param_groups] == pytest.approx([0.05 * NEW(6)] * 2)
    narrow = new_optimizer()
    one = Scheduler(narrow, NEW, policy="checkpoint")
    one.load_state_dict(both.state_dict())
    update(narrow)
    one.step()
    assert [g["weight_decay"] for g in narrow.param_groups] == pytest.approx([0.05 * NEW(7)] * 2)


def test_a_checkpoint_that_drives_what_is_not_there_is_refused() -> None:
    state = rich(new_optimizer()).state_dict()
    sgd = torch.optim.SGD([{"params": g["params"], "name": g["name"]} for g in new_optimizer().param_groups], lr=0.1)
    with pytest.raises(gs.ScheduleError, match="must drive what this optimizer and these `values` have, got 'betas"):
        Scheduler(sgd, OLD, policy="checkpoint").load_state_dict(state)


@pytest.mark.parametrize(
    "change",
    [
        {"history": ['{"what": "cooldown"}']},
        {
            "history": [
                '{"what": "cooldown", "step": 1, "at": 1, "steps": -1, "shape": "linear", "of": {"lr": 0}, "from": [1]}'
            ]
        },
        {"history": [{"what": "cooldown"}]},
        {"history": ["{"]},
        {"history": 3},
        {"history": ["x"]},
        {"starts": [0]},
        {"starts": [0, "x"]},
        {"bases": '{"weight_decay": [0.1]}'},
        {"bases": 3},
        {"plateau": '{"patienc": 3}'},
        {"schedule": '{"lr": 3}'},
        {"schedule": "{"},
        {"progress": {"best": 1, "goodness": 2}},
        {"progress": {"best": "x", "factor": "y"}},
        {"elapsed": -1},
        {"run_steps": 0},
        {"schedule": {"lr": 3}},
        {"history": ['{"what": "cooldwn", "step": 1, "at": 1}']},
        {"history": ['{"what": "undo", "step": 1, "at": 1, "undoes": "x"}']},
    ],
)
def test_a_damaged_state_is_one_clear_error_and_changes_nothing(change: dict[str, Any]) -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD, policy="mine")
    state = {**scheduler.state_dict(), "last_epoch": 7, **change}
    before = scheduler.state_dict(), lrs(optimizer)
    with pytest.raises(gs.ScheduleError, match=r"load_state_dict|parse"):
        scheduler.load_state_dict(state)
    assert (scheduler.state_dict(), lrs(optimizer)) == before


# -- by hand -----------------------------------------------------------------------------------------------------------


@given(
    st.integers(0, 15), st.integers(1, 8), st.sampled_from([0.0, 0.3]), st.sampled_from(["linear", "1-sqrt", "cosine"])
)
def test_a_cooldown_falls_from_wherever_the_run_is(step: int, length: int, to: float, shape: str) -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD)
    for _ in range(step):
        update(optimizer)
        scheduler.step()
    to = min(to, OLD(step))
    scheduler.cooldown(length, to, shape)
    want = OLD.cooldown(step, length, to, shape)
    assert follow(scheduler, optimizer, length + 3) == pytest.approx([want(step + t) for t in range(length + 3)])
    assert scheduler.schedules == (want, want)
    assert scheduler.schedule == OLD


def test_a_cooldown_as_a_part_of_the_run_with_and_without_one() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant(), run=gs.Run(epochs=4, steps_per_epoch=10))
    scheduler.cooldown("10%")
    assert scheduler.schedules[0] == gs.Constant().cooldown(0, 4)
    optimizer = new_optimizer()
    free = Scheduler(optimizer, gs.InverseSqrtDecay(5))  # no length planned
    for _ in range(18):
        update(optimizer)
        free.step()
    free.cooldown("10%")  # the run that ends with it has 20 steps, so 2
    assert free.schedules[0] == gs.InverseSqrtDecay(5).cooldown(18, 2)


def test_the_trunk_goes_on_where_the_cooldown_is_undone() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.InverseSqrtDecay(5))
    for _ in range(10):
        update(optimizer)
        scheduler.step()
    scheduler.cooldown(4)
    for _ in range(3):
        update(optimizer)
        scheduler.step()
    state = scheduler.state_dict()
    trunk = new_optimizer()
    resumed = Scheduler(trunk, gs.InverseSqrtDecay(5))
    resumed.load_state_dict(state)
    assert lrs(trunk) == lrs(optimizer)
    resumed.undo()
    assert lrs(trunk) == pytest.approx([0.1 * gs.InverseSqrtDecay(5)(13), 0.4 * gs.InverseSqrtDecay(5)(13)])
    assert [each["what"] for each in resumed.history] == ["cooldown", "undo"]
    assert resumed.schedules == (gs.InverseSqrtDecay(5),) * 2
    with pytest.raises(gs.ScheduleError, match="must have a cooldown or an override to take back, got none"):
        resumed.undo()
    resumed.cooldown(5)
    assert len(resumed.history) == 3


def test_an_override_holds_values_until_a_step_and_the_schedule_is_back() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, {"lr": NEW, "weight_decay": NEW, "betas[0]": OLD})
    scheduler.override(lr=0.03, until=4)
    scheduler.override(weight_decay=[0.7, None], until="6st", **{"betas[0]": 0.5})
    for t in range(8):
        assert lrs(optimizer) == pytest.approx([0.03, 0.03] if t < 4 else [0.1 * NEW(t), 0.4 * NEW(t)])
        decay = [group["weight_decay"] for group in optimizer.param_groups]
        assert decay == pytest.approx([0.7 if t < 6 else 0.05 * NEW(t), 0.05 * NEW(t)])
        assert optimizer.param_groups[1]["betas"] == pytest.approx((0.5 if t < 6 else 0.9 * OLD(t), 0.999))
        update(optimizer)
        scheduler.step()
    scheduler.override(lr=0.5)
    assert lrs(optimizer) == [0.5, 0.5]
    scheduler.undo()
    assert lrs(optimizer) == pytest.approx([0.1 * NEW(8), 0.4 * NEW(8)])
    assert [each["what"] for each in scheduler.history] == ["override", "override", "override", "undo"]


def test_an_override_is_the_lr_in_force_whatever_a_plateau_has_left() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, NEW, plateau=gs.Plateau(patience=0, factor=0.5))
    for metric in (1.0, 1.0):
        update(optimizer)
        scheduler.step(metric)
    scheduler.override(lr=0.07)
    assert lrs(optimizer) == pytest.approx([0.07, 0.07])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.cooldown(0), "cooldown: `length` must be steps >= 1, got 0"),
        (
            lambda s: s.cooldown("10ep"),
            "`length` must be steps, or under 100%, where the Scheduler has no `run`, got '10ep'",
        ),
        (lambda s: s.cooldown("10%"), "`length` must be at least one step, got '10%'"),  # at step 0
        (lambda s: s.cooldown(5, to=-1), "`to` must be a number >= 0, got -1"),
        (lambda s: s.cooldown(5, shape="expo"), "`shape` must be one of"),
        (lambda s: s.cooldown(5, shape="exponential"), "`to` must be a number > 0, got 0.0"),
        (lambda s: s.override(), "must have a hyperparameter, such as lr=0.01, got none"),
        (lambda s: s.override(lr=-1), "`lr` must be a number >= 0, got -1"),
        (lambda s: s.override(lr="x"), "`lr` must be a number >= 0, got 'x'"),
        (lambda s: s.override(lr=[0.1]), "`lr` must have one value for each of 2 param groups, got [0.1]"),
        (lambda s: s.override(lr=1, until=0), "`until` must be steps >= 1, got 0"),
        (lambda s: s.override(weight_dcay=1), "must name what this scheduler drives, got 'weight_dcay'"),
        (lambda s: s.undo(), "must have a cooldown or an override"),
        (lambda s: s.load_state_dict(s.state_dict(), "theirs"), '`policy` must be one of "strict"'),
    ],
)
def test_a_bad_change_is_refused_and_changes_nothing(call: Any, words: str) -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD)
    before = scheduler.state_dict(), lrs(optimizer)
    with pytest.raises(gs.ScheduleError) as caught:
        call(scheduler)
    assert words in str(caught.value)
    assert (scheduler.state_dict(), lrs(optimizer)) == before


def test_the_history_is_a_copy() -> None:
    scheduler = Scheduler(new_optimizer(), OLD)
    scheduler.override(lr=0.1)
    scheduler.history[0]["of"]["lr"][0] = 99
    scheduler.state_dict()["history"].clear()
    assert scheduler.history[0]["of"]["lr"] == [1.0, 0.25]


def test_what_decides_must_be_known_when_it_is_built() -> None:
    optimizer = new_optimizer()
    for arguments, words in (
        ({"policy": "newest"}, "`policy` must be one of"),
        ({"added": "later"}, "`added` must be one of"),
        ({"guard": 1}, "`guard` must be True or False"),
        ({"device": "cpu"}, "`device` must be True or False"),
        ({"run": 3}, "`run` must be a glideslope.Run"),
        ({"plateau": "min"}, "`plateau` must be a glideslope.Plateau"),
        ({"save_best": print}, "`save_best` must come with a `plateau`"),
        ({"plateau": gs.Plateau(), "restore_best": 3}, "`restore_best` must be a function, or None"),
    ):
        with pytest.raises(gs.ScheduleError) as caught:
            Scheduler(optimizer, OLD, **arguments)  # type: ignore[arg-type]
        assert words in str(caught.value)
    assert lrs(optimizer) == [0.1, 0.4]


# -- what went wrong once ----------------------------------------------------------------------------------------------


def train_on(optimizer: Any, scheduler: Scheduler, steps: int) -> None:
    for _ in range(steps):
        update(optimizer)
        scheduler.step()


def test_a_thousand_overrides_are_no_thousand_layers() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, NEW)
    for i in range(1000):
        scheduler.override(lr=0.01 + i / 1e6, until=scheduler.last_epoch + (1 if i % 2 else 5))
        train_on(optimizer, scheduler, 1)
    assert lrs(optimizer)[0] == pytest.approx(0.010998)  # the last but one holds until step 1003
    scheduler.override(lr=0.5)
    assert scheduler.schedules[0] == NEW.hold(5.0, 1000)
    assert len(scheduler.history) == 1001


def test_a_run_may_be_cooled_and_warmed_as_often_as_one_likes() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant())
    for i in range(300):  # falls upon falls: each begins where the one before has come to
        before = lrs(optimizer)
        scheduler.cooldown(100, shape="linear")
        assert lrs(optimizer) == pytest.approx(before)
        train_on(optimizer, scheduler, 1)
        assert lrs(optimizer)[0] == pytest.approx(before[0] * 0.99)
        if i == 100:
            state, there = scheduler.state_dict(), lrs(optimizer)
    again = new_optimizer()
    Scheduler(again, gs.Constant()).load_state_dict(state)
    assert lrs(again) == pytest.approx(there)

    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant())
    for _ in range(100):  # a saw
        scheduler.cooldown(2, shape="linear")
        train_on(optimizer, scheduler, 2)
        assert lrs(optimizer) == [0.0, 0.0]
        scheduler.override(lr=[0.1, None], until=scheduler.last_epoch + 2)
        scheduler.override(lr=[None, 0.2])
        train_on(optimizer, scheduler, 1)
        assert lrs(optimizer) == pytest.approx([0.1, 0.2])
        scheduler.override(lr=0.3)
        assert lrs(optimizer) == pytest.approx([0.3, 0.3])


def test_more_layers_than_there_can_be_are_refused_and_nothing_is_lost() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant())
    for i in range(50):
        scheduler.override(lr=0.1, until=1000 - i)
    with pytest.raises(gs.ScheduleError, match="at most 50 changes by hand may overlap"):
        scheduler.override(lr=0.1, until=900)
    assert len(scheduler.history) == 50
    train_on(optimizer, scheduler, 1)


def test_an_override_before_a_cooldown_is_where_it_fell_from_for_good() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant())
    scheduler.override(lr=0.04, until=5)
    train_on(optimizer, scheduler, 2)
    scheduler.cooldown(4, shape="linear")
    train_on(optimizer, scheduler, 1)
    state = scheduler.state_dict()
    train_on(optimizer, scheduler, 2)
    assert lrs(optimizer) == pytest.approx([0.01, 0.01])
    again = new_optimizer()
    resumed = Scheduler(again, gs.Constant())
    resumed.load_state_dict({**state, "last_epoch": 5})  # the override is over; the cooldown still falls from it
    assert lrs(again) == pytest.approx([0.01, 0.01])


def test_undoing_takes_back_what_is_in_force_and_not_what_is_over() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant())
    scheduler.cooldown(10, shape="linear")
    scheduler.override(lr=0.5, until=2)
    train_on(optimizer, scheduler, 5)
    assert lrs(optimizer)[0] == pytest.approx(0.05)
    scheduler.undo()
    assert lrs(optimizer) == [0.1, 0.4]


def test_a_state_saved_under_the_checkpoints_schedule_loads_into_its_own_scheduler() -> None:
    _, state = at(10)
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, NEW)
    scheduler.load_state_dict(state, "checkpoint")
    train_on(optimizer, scheduler, 3)
    own, before = scheduler.state_dict(), lrs(optimizer)
    train_on(optimizer, scheduler, 2)
    scheduler.load_state_dict(own)  # back after a spike of the loss
    assert lrs(optimizer) == before
    assert scheduler.state_dict() == own


def test_equal_schedules_are_equal_however_they_are_written() -> None:
    optimizer = new_optimizer()
    state = Scheduler(optimizer, [OLD, OLD]).state_dict()
    for same in (OLD, {"body": OLD, "head": OLD}, {"lr": OLD}, OLD * 1, [OLD, OLD * 1.0]):
        Scheduler(new_optimizer(), same).load_state_dict(state)
    with pytest.raises(gs.ScheduleError, match="against .* in `lr` of group head"):
        Scheduler(new_optimizer(), [OLD, NEW]).load_state_dict(state)


@pytest.mark.parametrize("schedule", [gs.CosineDecay(10), NEW])
def test_nothing_can_be_continued_from_zero(schedule: gs.Schedule) -> None:
    _, state = at(12, gs.CosineDecay(10))
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, schedule, policy="continue")
    if schedule == gs.CosineDecay(10):
        scheduler.load_state_dict(state)
        return
    with pytest.raises(gs.ScheduleError, match="the `lr` in force must not be 0 at step 12 to be continued"):
        scheduler.load_state_dict(state)


def test_a_cooldown_that_a_policy_leaves_is_named(caplog: Any) -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD)
    train_on(optimizer, scheduler, 5)
    scheduler.cooldown(5)
    with caplog.at_level(logging.WARNING, "glideslope"):
        Scheduler(new_optimizer(), NEW, policy="mine").load_state_dict(scheduler.state_dict())
    assert "without the cooldown of step 5" in caplog.text


def test_what_a_checkpoint_does_not_drive_goes_back_to_its_base() -> None:
    _, state = at(3)
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, {"lr": OLD, "weight_decay": gs.Constant(3.0)})
    assert optimizer.param_groups[0]["weight_decay"] == pytest.approx(0.15)
    scheduler.load_state_dict(state, "checkpoint")
    assert optimizer.param_groups[0]["weight_decay"] == 0.05


def test_a_plateau_for_another_metric_begins_anew() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD, plateau=gs.Plateau(mode="min", patience=0, factor=0.5))
    for metric in (0.2, 0.3):
        update(optimizer)
        scheduler.step(metric)
    other = Scheduler(new_optimizer(), OLD, plateau=gs.Plateau(mode="max"), policy="mine")
    other.load_state_dict(scheduler.state_dict())
    assert other.state_dict()["progress"] == {"best": None, "num_bad": 0, "cooling": 0, "reduce": False, "factor": 0.5}


def test_a_restore_of_the_whole_checkpoint_does_not_undo_the_cut() -> None:
    optimizer = new_optimizer()
    best: dict[str, Any] = {}

    def save() -> None:
        best.update(optimizer=copy.deepcopy(optimizer.state_dict()), scheduler=scheduler.state_dict())

    def restore() -> None:
        optimizer.load_state_dict(best["optimizer"])
        scheduler.load_state_dict(best["scheduler"])

    plateau = gs.Plateau(patience=0, factor=0.5)
    scheduler = Scheduler(optimizer, gs.Constant(), plateau=plateau, save_best=save, restore_best=restore)
    for metric in (1.0, 2.0, 2.0, 2.0):
        update(optimizer)
        scheduler.step(metric)
    assert lrs(optimizer) == pytest.approx([0.0125, 0.05])


def test_a_restore_that_fails_leaves_the_plateau_as_it_was() -> None:
    optimizer = new_optimizer()

    def restore() -> None:
        raise OSError("the disk is full")

    plateau = gs.Plateau(patience=0, factor=0.5)
    scheduler = Scheduler(optimizer, gs.Constant(), plateau=plateau, restore_best=restore)
    scheduler.observe(1.0)
    before = scheduler.state_dict(), lrs(optimizer)
    with pytest.raises(OSError, match="the disk is full"):
        scheduler.observe(2.0)
    assert (scheduler.state_dict(), lrs(optimizer)) == before


def test_the_optimizer_loaded_in_the_middle_of_a_run_without_its_scheduler_is_said() -> None:
    old, state = at(10)
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD)
    optimizer.load_state_dict(old.state_dict())
    with pytest.warns(UserWarning, match="this scheduler was not loaded, so it begins at step 0"):
        update(optimizer)
    scheduler.load_state_dict(state)
    other = new_optimizer()
    second = Scheduler(other, OLD)
    other.load_state_dict(old.state_dict())
    second.load_state_dict(state)
    update(other)  # warnings are errors here


def test_torchs_sequence_may_be_loaded_while_it_waits_in_it() -> None:
    def build() -> tuple[Any, Any, Any]:
        optimizer = new_optimizer()
        rise = torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, 1.0, 4)
        ours = Scheduler(optimizer, gs.StepDecay(3), added="restart")
        return optimizer, ours, torch.optim.lr_scheduler.SequentialLR(optimizer, [rise, ours], [4])

    optimizer, _, both = build()
    again, _, resumed = build()
    seen: tuple[list[Any], list[Any]] = ([], [])
    for t in range(12):
        for o, s, out in ((optimizer, both, seen[0]), (again, resumed, seen[1])):
            update(o)
            s.step()
            out.append(lrs(o))
        if t in (1, 6):
            state = copy.deepcopy((optimizer.state_dict(), both.state_dict()))
            again, _, resumed = build()
            again.load_state_dict(state[0])
            resumed.load_state_dict(state[1])
            optimizer.load_state_dict(optimizer.state_dict())  # nobody writes but the one whose turn it is
            assert lrs(optimizer) == seen[0][-1]
    assert seen[1] == seen[0]
    assert seen[0][-1][0] == pytest.approx(0.1 * gs.StepDecay(3)(8))


def test_in_torchs_sequence_it_cannot_move_by_itself() -> None:
    optimizer = new_optimizer()
    parts = [Scheduler(optimizer, OLD, advance="optimizer"), Scheduler(optimizer, NEW, advance="manual")]
    with pytest.raises(gs.ScheduleError, match="a sequence of torch cannot move it"):
        torch.optim.lr_scheduler.SequentialLR(optimizer, parts, [3])


def test_loading_many_groups_takes_no_time_that_grows_with_their_square() -> None:
    """Counted, not timed: a schedule of each group is evaluated once or twice."""
    calls = 0

    class Counted(gs.Schedule):
        def _factor(self, t: Any, ops: Any) -> Any:
            nonlocal calls
            calls += 1
            return ops.full(t, 1.0)

        def _horizon(self) -> int:
            return 0

        def __repr__(self) -> str:
            return f"Counted({id(self)})"

        def __post_init__(self) -> None:
            object.__setattr__(self, "_pending", ())

    schedules = [Counted() for _ in range(200)]
    for each in schedules:
        each.__post_init__()
    optimizer = torch.optim.SGD([{"params": [torch.nn.Parameter(torch.ones(1))]} for _ in range(200)], lr=0.1)
    scheduler = Scheduler(optimizer, schedules)
    state = scheduler.state_dict()
    calls = 0
    scheduler.load_state_dict(state)
    assert calls <= 5 * 200


def test_the_keys_of_a_state_are_the_same_whatever_happened(tmp_path: Any) -> None:
    """A distributed checkpoint is loaded into the state of a fresh scheduler, key by key."""
    import torch.distributed.checkpoint as dcp

    optimizer = new_optimizer()
    scheduler = rich(optimizer)
    for t in range(12):
        update(optimizer)
        scheduler.step(2.0 + t)
    scheduler.cooldown(10, to=0.0)
    scheduler.override(**{"betas[0]": 0.5})
    assert {each["what"] for each in scheduler.history} == {"plateau", "cooldown", "override"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that there is one process
        dcp.save({"scheduler": scheduler}, checkpoint_id=tmp_path, no_dist=True)
        again = new_optimizer()
        resumed = rich(again)
        dcp.load({"scheduler": resumed}, checkpoint_id=tmp_path, no_dist=True)
    assert resumed.state_dict() == scheduler.state_dict()
    assert lrs(again) == lrs(optimizer)


@pytest.mark.parametrize("policy", ["mine", "continue", "stretch"])
def test_one_changes_ones_mind_after_the_checkpoints_schedule_was_taken(policy: str) -> None:
    _, state = at(10)
    scheduler = Scheduler(new_optimizer(), NEW)
    scheduler.load_state_dict(state, "checkpoint")
    back = Scheduler(new_optimizer(), NEW)
    back.load_state_dict(scheduler.state_dict(), policy)
    assert back.schedule == NEW
    assert [each["what"] for each in back.history] == ["checkpoint", policy]


def test_a_run_from_which_a_group_was_removed_is_resumed_without_it() -> None:
    def build(names: str) -> tuple[Any, Scheduler]:
        schedules = {"a": gs.LinearDecay(10), "b": gs.LinearDecay(20), "c": gs.LinearDecay(40)}
        groups = [
            {"params": [torch.nn.Parameter(torch.ones(1))], "lr": 0.1 * (1 + "abc".index(n)), "name": n} for n in names
        ]
        optimizer = torch.optim.SGD(groups, lr=0.1)
        return optimizer, Scheduler(optimizer, [schedules[n] for n in names], values={"t": gs.LinearDecay(10)})

    optimizer, scheduler = build("abc")
    train_on(optimizer, scheduler, 2)
    scheduler.override(lr=[None, None, 0.7], t=0.3)
    del optimizer.param_groups[0]
    train_on(optimizer, scheduler, 1)
    scheduler.override(lr=[0.05, None])
    assert lrs(optimizer) == pytest.approx([0.05, 0.7])
    again, resumed = build("bc")
    resumed.load_state_dict(scheduler.state_dict())
    assert resumed.values() == pytest.approx({"lr/b": 0.05, "lr/c": 0.7, "t": 0.3})
    for each in (scheduler, resumed):
        each.undo()
        each.undo()
    train_on(optimizer, scheduler, 4)
    train_on(again, resumed, 4)
    assert lrs(again) == lrs(optimizer) == pytest.approx([0.2 * (1 - 7 / 20), 0.3 * (1 - 7 / 40)])


def test_a_continued_group_of_its_own_time_that_will_rise_is_told(caplog: Any) -> None:
    def build(schedule: gs.Schedule) -> tuple[Any, Scheduler]:
        optimizer = new_optimizer()
        del optimizer.param_groups[1]
        scheduler = Scheduler(optimizer, schedule, added="restart", policy="continue")
        train_on(optimizer, scheduler, 5)
        optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(3))], "lr": 0.4, "name": "head"})
        train_on(optimizer, scheduler, 1)
        return optimizer, scheduler

    _, scheduler = build(gs.Constant())
    _, resumed = build(gs.CosineDecay(50, end_factor=0.1).warmup(4, start_factor=0.01))
    with caplog.at_level(logging.WARNING, "glideslope"):
        resumed.load_state_dict(scheduler.state_dict())
    assert "will rise to" in caplog.text
    assert "still low at 1." in caplog.text


def test_a_cooldown_that_ends_after_the_run_is_said() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD, run=gs.Run(steps=20))
    train_on(optimizer, scheduler, 15)
    with pytest.warns(UserWarning, match="the fall ends at step 25, after the 20 of the run"):
        scheduler.cooldown("50%")


def test_a_value_of_the_program_that_a_checkpoint_does_not_know_goes_on() -> None:
    _, state = at(3)
    scheduler = Scheduler(new_optimizer(), NEW, values={"t": gs.LinearDecay(10)}, policy="checkpoint")
    scheduler.load_state_dict(state)
    assert scheduler.value("t") == 0.7
    assert scheduler.schedules == (OLD, OLD)


def test_a_value_whose_function_fails_is_told_again() -> None:
    told: list[float] = []

    def call(value: float) -> None:
        if len(told) == 1 and not failed:
            failed.append(True)
            raise OSError("busy")
        told.append(value)

    failed: list[bool] = []
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD, values={"t": Value(gs.LinearDecay(4), call=call)})
    update(optimizer)
    with pytest.raises(OSError, match="busy"):
        scheduler.step()
    scheduler.load_state_dict(scheduler.state_dict())
    assert told == [1.0, 0.75]


def test_an_override_may_be_a_tensor() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD)
    scheduler.override(lr=torch.tensor(0.25))
    assert lrs(optimizer) == [0.25, 0.25]


@pytest.mark.parametrize("schedule", [gs.Constant(), gs.InverseSqrtDecay(100), NEW])
def test_the_same_schedule_is_stretched_where_the_run_is_another(schedule: gs.Schedule) -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, schedule, run=gs.Run(steps=100), guard=False)
    train_on(optimizer, scheduler, 50)
    half = Scheduler(new_optimizer(), schedule, run=gs.Run(steps=50), policy="stretch", guard=False)
    half.load_state_dict(scheduler.state_dict())
    assert half.last_epoch == 25
    assert [each["what"] for each in half.history] == ["stretch"]
    same = Scheduler(new_optimizer(), schedule, run=gs.Run(steps=50), guard=False)
    same.load_state_dict(scheduler.state_dict())
    assert (same.last_epoch, same.history) == (50, [])


def test_what_nothing_drives_cannot_be_held_and_a_group_at_zero_is_named() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, {"body": NEW, "head": NEW})
    with pytest.warns(UserWarning, match="has no schedule of `lr`"):
        optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))], "lr": 0.3})
        update(optimizer)
    with pytest.raises(gs.ScheduleError, match="must be given for some group"):
        scheduler.override(lr=[None, None, 0.5])
    frozen = new_optimizer()
    frozen.param_groups[1]["lr"] = 0.0
    scheduler = Scheduler(frozen, NEW)
    with pytest.raises(gs.ScheduleError, match="got 0 in group 1. Give None for it."):
        scheduler.override(lr=0.5)
    scheduler.override(lr=[0.5, None])
    low = Scheduler(new_optimizer(), [NEW, gs.Constant(0.0)])
    with pytest.raises(gs.ScheduleError, match="must not begin at 0, as in group 1"):
        low.cooldown(5, to=0.01, shape="exponential")


# -- the edges of what is above ----------------------------------------------------------------------------------------


def cut_in_half(schedule: Any = NEW) -> tuple[Any, Scheduler]:
    """A scheduler whose plateau has left half of the lr, at step 2."""
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, schedule, plateau=gs.Plateau(patience=0, factor=0.5))
    for metric in (1.0, 1.0):
        update(optimizer)
        scheduler.step(metric)
    return optimizer, scheduler


def test_a_group_not_named_by_an_override_goes_on_falling() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant())
    scheduler.cooldown(4, shape="linear")
    train_on(optimizer, scheduler, 1)
    scheduler.override(lr=[None, 0.3])
    train_on(optimizer, scheduler, 1)
    assert lrs(optimizer) == pytest.approx([0.05, 0.3])


def test_a_group_with_its_own_time_falls_from_its_own_value() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.LinearDecay(10), added="restart")
    train_on(optimizer, scheduler, 4)
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))], "lr": 1.0})
    train_on(optimizer, scheduler, 2)
    assert lrs(optimizer)[2] == pytest.approx(0.8)
    scheduler.cooldown(4, shape="linear")
    assert scheduler.history[-1]["from"] == pytest.approx([0.4, 0.4, 0.8])
    train_on(optimizer, scheduler, 2)
    assert lrs(optimizer) == pytest.approx([0.02, 0.08, 0.4])


def test_what_a_plateau_has_left_counts_in_what_is_done_by_hand() -> None:
    optimizer, scheduler = cut_in_half({"lr": gs.Constant(), "weight_decay": gs.Constant()})
    with pytest.raises(gs.ScheduleError, match="`to` must be at most 0.5, the factor in force, got 0.6"):
        scheduler.cooldown(2, to=0.6)
    scheduler.cooldown(2, to=0.1)
    scheduler.override(weight_decay=0.2)
    for metric in (0.5, 0.4):
        update(optimizer)
        scheduler.step(metric)
    assert lrs(optimizer) == pytest.approx([0.01, 0.04])
    assert optimizer.param_groups[0]["weight_decay"] == pytest.approx(0.2)


def test_what_a_load_decided_is_not_undone() -> None:
    _, state = at(10)
    scheduler = Scheduler(new_optimizer(), NEW, policy="continue")
    scheduler.load_state_dict(state)
    with pytest.raises(gs.ScheduleError, match="must have a cooldown or an override to take back"):
        scheduler.undo()


def test_the_second_continue_speaks_of_no_change_by_hand(caplog: Any) -> None:
    _, state = at(10)
    scheduler = Scheduler(new_optimizer(), NEW, policy="continue")
    scheduler.load_state_dict(state)
    with caplog.at_level(logging.WARNING, "glideslope"):
        Scheduler(new_optimizer(), gs.Constant(), policy="continue").load_state_dict(scheduler.state_dict())
    assert "without" not in caplog.text


@pytest.mark.parametrize("policy", ["mine", "continue", "stretch"])
def test_the_plateau_of_the_program_goes_on_under_its_own_schedule(policy: str) -> None:
    _, scheduler = cut_in_half()
    other = gs.Plateau(patience=7, factor=0.25)
    resumed = Scheduler(new_optimizer(), gs.CosineDecay(30), plateau=other, policy=policy)
    resumed.load_state_dict(scheduler.state_dict())
    assert resumed.plateau == other
    assert resumed.values()["plateau"] == 0.5


def test_stretching_keeps_the_part_of_a_groups_own_time() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.LinearDecay(100), added="restart")
    train_on(optimizer, scheduler, 20)
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))], "lr": 1.0})
    train_on(optimizer, scheduler, 20)
    again = new_optimizer()
    again.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))], "lr": 1.0})
    resumed = Scheduler(again, gs.LinearDecay(50), policy="stretch")
    resumed.load_state_dict(scheduler.state_dict())
    assert (resumed.last_epoch, resumed.state_dict()["starts"]) == (20, [0, 0, 10])
    assert lrs(again) == pytest.approx(lrs(optimizer))


def test_a_checkpoint_that_names_no_group_here_is_refused() -> None:
    state = {**Scheduler(new_optimizer(), NEW).state_dict(), "schedule": '{"lr": {"trunk": "StepDecay(3)"}}'}
    with pytest.raises(gs.ScheduleError, match="must drive the `lr` of some group here, got none"):
        Scheduler(new_optimizer(), OLD, policy="checkpoint").load_state_dict(state)


def test_the_argument_of_a_load_may_be_changed_afterwards() -> None:
    scheduler = Scheduler(new_optimizer(), NEW)
    scheduler.override(lr=0.3)
    state = scheduler.state_dict()
    resumed = Scheduler(new_optimizer(), NEW)
    resumed.load_state_dict(state)
    state["history"].clear()
    state["base_lrs"][0] = 9.0
    state["starts"][0] = 9
    assert resumed.state_dict() == scheduler.state_dict()


@pytest.mark.parametrize(
    ("length", "steps"),
    [("10%", 11), ("10.6st", 11), (3, 3)],  # at step 95: 95 * 10 / 90 = 10.6
)
def test_a_length_is_rounded_to_the_nearest_step(length: Any, steps: int) -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, gs.Constant())
    train_on(optimizer, scheduler, 95)
    scheduler.cooldown(length)
    assert scheduler.history[0]["steps"] == steps


def test_an_override_ends_later_than_now() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, NEW)
    train_on(optimizer, scheduler, 3)
    with pytest.raises(gs.ScheduleError, match="`until` must be later than now, 3, got 3"):
        scheduler.override(lr=0.1, until=3)
    for nothing in ([None, None], None):
        with pytest.raises(gs.ScheduleError, match="`lr` must be"):
            scheduler.override(lr=nothing)


def test_a_checkpoint_of_the_optimizer_is_left_alone_while_another_scheduler_drives_it() -> None:
    optimizer = new_optimizer()
    ours = Scheduler(optimizer, OLD)
    for group in optimizer.param_groups:
        group["lr"] = 0.07  # another scheduler's
    optimizer.load_state_dict(optimizer.state_dict())
    assert lrs(optimizer) == [0.07, 0.07]
    del ours


def test_without_the_guard_nothing_is_said_of_an_optimizer_loaded_alone() -> None:
    old, _ = at(10)
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, OLD, guard=False)
    optimizer.load_state_dict(old.state_dict())
    update(optimizer)  # warnings are errors here
    assert scheduler.last_epoch == 0


def test_the_device_takes_the_plateau_and_the_base_of_a_state() -> None:
    optimizer = new_optimizer()
    scheduler = Scheduler(optimizer, NEW, plateau=gs.Plateau(patience=0, factor=0.5), device=True)
    for metric in (1.0, 1.0):
        scheduler.step(metric)
    again = new_optimizer()
    resumed = Scheduler(again, NEW, plateau=gs.Plateau(patience=0, factor=0.5), device=True)
    resumed.load_state_dict(scheduler.state_dict())
    assert lrs(again) == lrs(optimizer) == pytest.approx([0.05 * NEW(2), 0.2 * NEW(2)])
    resumed.base_lrs = [1.0, 2.0]
    assert lrs(again) == pytest.approx([0.5 * NEW(2), NEW(2)])
