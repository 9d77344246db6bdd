"""Drop-ins that are saved, loaded, rebuilt and copied, in the middle of a run; see drop_ins.py."""

import copy
import io
import pickle
import warnings
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import glideslope as gs
from drop_ins import (
    BAD_NEWS,
    BY_NAME,
    OURS,
    TORCHS,
    Setup,
    advance,
    assert_same,
    build,
    life,
    lrs,
    metric_sequences,
    run,
    setups,
)
from glideslope import lr_scheduler as ours

every_class = pytest.mark.parametrize("name", BY_NAME)
SETUP = Setup("SGD", (0.1, 0.5))
ORDERS = ["build, optimizer, scheduler", "build, scheduler, optimizer", "optimizer, build, scheduler"]


def saved(*states: Any, weights_only: bool = True) -> Any:
    """The states after a way through a file."""
    file = io.BytesIO()
    torch.save([each.state_dict() for each in states], file)
    return torch.load(io.BytesIO(file.getvalue()), weights_only=weights_only)


def resumed(setup: Setup, name: str, arguments: dict[str, Any], order: str, states: Any) -> tuple[Any, Any]:
    """A fresh optimizer and one of our schedulers that were given their states in this order."""
    optimizer = setup.optimizer()
    for what in order.split(", "):
        if what == "build":
            scheduler = build(OURS, optimizer, name, arguments)
        elif what == "optimizer":
            optimizer.load_state_dict(states[0])
        else:
            before = copy.deepcopy(states[1])
            scheduler.load_state_dict(states[1])
            scheduler.load_state_dict(states[1])
            assert states[1] == before
    return optimizer, scheduler


@pytest.mark.filterwarnings("ignore:ReduceLROnPlateau. a reduction from:UserWarning")  # silent in torch
@every_class
@settings(max_examples=20)
@given(
    data=st.data(),
    setup=setups,
    order=st.sampled_from(ORDERS),
    edits=st.dictionaries(st.integers(0, 40), st.floats(0.01, 2.0), max_size=2),
    metrics=metric_sequences,
)
def test_a_run_begun_with_torchs_class_goes_on_with_ours(
    name: str, data: st.DataObject, setup: Setup, order: str, edits: dict[int, float], metrics: list[float]
) -> None:
    """Also one whose lr was edited by hand before, or is later."""
    arguments = data.draw(BY_NAME[name].arguments(len(setup.lrs)))
    n = life(arguments)
    at = data.draw(st.integers(0, n))
    optimizer = setup.optimizer()
    theirs = build(TORCHS, optimizer, name, arguments)
    run(optimizer, theirs, n=at, edits=edits, metrics=metrics)
    # torch's SWALR keeps a function in its state, which weights_only=True refuses, whoever loads it.
    states = saved(optimizer, theirs, weights_only="anneal_func" not in str(theirs.state_dict()))
    expected = run(optimizer, theirs, begin=at, n=n - at, edits=edits, metrics=metrics)
    optimizer, mine = resumed(setup, name, arguments, order, states)
    assert_same(run(optimizer, mine, begin=at, n=n - at, edits=edits, metrics=metrics), expected)


@every_class
@pytest.mark.parametrize("at", [0, 1, 4, 8])
@pytest.mark.parametrize("order", ORDERS)
def test_resuming_in_any_order_is_never_stopping(name: str, at: int, order: str) -> None:
    arguments = BY_NAME[name].example
    optimizer = SETUP.optimizer()
    scheduler = build(OURS, optimizer, name, arguments)
    run(optimizer, scheduler, n=at)
    states = saved(optimizer, scheduler)
    expected = run(optimizer, scheduler, begin=at, n=20 - at)
    optimizer, scheduler = resumed(SETUP, name, arguments, order, states)
    assert_same(run(optimizer, scheduler, begin=at, n=20 - at), expected, rel=1e-12)


@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in ("ChainedScheduler", "ReduceLROnPlateau")])
@pytest.mark.parametrize("at", [1, 2, 5])
def test_rebuilding_with_last_epoch_gives_the_lr_of_the_uninterrupted_run(name: str, at: int) -> None:
    """Also on a milestone, where torch decays twice."""
    arguments = BY_NAME[name].example
    optimizer = SETUP.optimizer()
    whole = run(optimizer, build(OURS, optimizer, name, arguments), n=12)
    optimizer = SETUP.optimizer()
    run(optimizer, build(OURS, optimizer, name, arguments), n=at)
    fresh = Setup("SGD", (0.7, 0.7)).optimizer()
    fresh.load_state_dict(optimizer.state_dict())
    rebuilt = build(OURS, fresh, name, arguments, last_epoch=at - 1)
    assert rebuilt.last_epoch == at
    assert_same(run(fresh, rebuilt, n=12 - at), whole[at:], rel=1e-12)
    if name != "SequentialLR":  # its parts, built first, put it there
        with pytest.raises(KeyError, match="param 'initial_lr' is not specified in param_groups\\[0\\]"):
            build(OURS, SETUP.optimizer(), name, arguments, last_epoch=3)


@every_class
@pytest.mark.parametrize("tensors", [False, True])
def test_copies_go_on_by_themselves(name: str, tensors: bool) -> None:
    setup = Setup("Adam", (0.1, 0.5), tensors)
    optimizer = setup.optimizer()
    scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
    run(optimizer, scheduler, n=5)
    twins = [copy.deepcopy((optimizer, scheduler)), pickle.loads(pickle.dumps((optimizer, scheduler)))]
    before = [lrs(twin) for twin, _ in twins]
    expected = run(optimizer, scheduler, begin=5, n=10)
    assert [lrs(twin) for twin, _ in twins] == before
    for twin, each in twins:
        assert_same(run(twin, each, begin=5, n=10), expected, rel=1e-12)


@every_class
def test_a_state_is_refused_by_every_other_class(name: str) -> None:
    optimizer = SETUP.optimizer()
    state = build(OURS, optimizer, name, BY_NAME[name].example).state_dict()
    for other in BY_NAME:
        scheduler = build(OURS, SETUP.optimizer(), other, BY_NAME[other].example)
        before = scheduler.state_dict()
        if other == name:
            scheduler.load_state_dict(state)
        else:
            with pytest.raises(gs.ScheduleError, match=f"must be of a scheduler of class {other}, got that of {name}"):
                scheduler.load_state_dict(state)
        assert scheduler.state_dict() == before


@every_class
def test_the_state_of_torchs_other_classes_is_refused(name: str) -> None:
    """But for those whose states have the same keys: nothing in torch's tells them apart."""
    theirs = build(TORCHS, SETUP.optimizer(), name, BY_NAME[name].example).state_dict()
    for other in BY_NAME:
        scheduler = build(OURS, SETUP.optimizer(), other, BY_NAME[other].example)
        if other != name and set(build(TORCHS, SETUP.optimizer(), other, BY_NAME[other].example).state_dict()) != set(
            theirs
        ):
            before = scheduler.state_dict()
            with pytest.raises(gs.ScheduleError):
                scheduler.load_state_dict(theirs)
            assert scheduler.state_dict() == before


def test_a_state_that_is_no_state_or_of_other_groups_is_refused() -> None:
    stairs = ours.StepLR(Setup("SGD", (0.1,)).optimizer(), 3)
    for state, words in (
        (ours.StepLR(SETUP.optimizer(), 3).state_dict(), "one lr for each of 1 param groups"),
        ({**stairs.state_dict(), "step_size": 0}, "must be a whole number >= 1, got 0"),
        ({**stairs.state_dict(), "last_epoch": -9}, "`last_epoch` must be a number >= 0"),
        (None, "be a dict from state_dict()"),
    ):
        before = stairs.state_dict()
        with pytest.raises(gs.ScheduleError) as caught:
            stairs.load_state_dict(state)  # type: ignore[arg-type]
        assert words in str(caught.value)
        assert stairs.state_dict() == before


@every_class
def test_the_state_of_other_groups_is_refused_and_changes_nothing(name: str) -> None:
    state = build(OURS, SETUP.optimizer(), name, BY_NAME[name].example).state_dict()
    optimizer = Setup("SGD", (0.1, 0.2, 0.3)).optimizer()
    scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
    before = scheduler.state_dict()
    with pytest.raises(gs.ScheduleError, match="3 param groups"):
        scheduler.load_state_dict(state)
    assert scheduler.state_dict() == before


def test_other_arguments_in_the_checkpoint_win_as_in_torch_and_are_said() -> None:
    old = ours.StepLR(SETUP.optimizer(), 5)
    new = ours.StepLR(SETUP.optimizer(), 3)
    with pytest.warns(
        UserWarning, match="the checkpoint was made with step_size=5, which now replaces step_size=3"
    ) as said:
        new.load_state_dict(old.state_dict())
    assert said[0].filename == __file__
    assert new.step_size == 5


@every_class
def test_a_state_is_numbers_lists_and_text(name: str) -> None:
    """So every reader can load it, with nothing imported."""

    def plain(value: Any) -> bool:
        if isinstance(value, dict):
            return all(type(key) in (str, int) and plain(each) for key, each in value.items())
        if isinstance(value, (list, tuple)):
            return all(map(plain, value))
        return value is None or type(value) in (bool, int, float, str)

    for tensors in (False, True):
        optimizer = Setup("Adam", (0.1, 0.5), tensors).optimizer()
        scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
        run(optimizer, scheduler, n=3)
        assert plain(scheduler.state_dict())


@every_class
def test_an_overflow_under_amp_and_copies_are_no_false_alarm(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        w = torch.nn.Parameter(torch.ones(1))
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
        scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
        scaler.scale(w.sum() * float("inf")).backward()
        scaler.step(optimizer)
        scaler.update()
        advance(scheduler, 0, BAD_NEWS)
        optimizer = SETUP.optimizer()
        scheduler = build(OURS, optimizer, name, BY_NAME[name].example)
        optimizer.step()
        for twin in (copy.deepcopy((optimizer, scheduler)), pickle.loads(pickle.dumps((optimizer, scheduler)))):
            advance(twin[1], 0, BAD_NEWS)
            assert twin[1].last_epoch == 1
