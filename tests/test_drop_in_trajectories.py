"""The drop-ins' trajectories are torch's own, on random configurations of every class; see drop_ins.py."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drop_ins import (
    BY_NAME,
    OURS,
    TORCHS,
    N,
    Setup,
    apart,
    assert_same,
    build,
    life,
    metric_sequences,
    names_in,
    parts,
    run,
    setups,
)

every_class = pytest.mark.parametrize("name", BY_NAME)
edit_sets = st.dictionaries(st.integers(0, N), st.floats(0.01, 2.0), min_size=1, max_size=3)

# A reduction that eps blocks is said by ours and silent in torch.
pytestmark = pytest.mark.filterwarnings("ignore:ReduceLROnPlateau. a reduction from:UserWarning")


@every_class
@settings(max_examples=30)
@given(data=st.data(), setup=setups, metrics=metric_sequences)
def test_the_trajectory_is_torchs(name: str, data: st.DataObject, setup: Setup, metrics: list[float]) -> None:
    arguments = data.draw(BY_NAME[name].arguments(len(setup.lrs)))
    a, b = setup.optimizer(), setup.optimizer()
    mine, theirs = build(OURS, a, name, arguments), build(TORCHS, b, name, arguments)
    n = life(arguments)
    assert_same(run(a, mine, n=n, metrics=metrics), run(b, theirs, n=n, metrics=metrics))
    assert [*map(float, mine.get_last_lr())] == [*map(float, (group["lr"] for group in a.param_groups))]
    for key in ("last_epoch", "_step_count"):
        if getattr(theirs, key, 0):  # torch's combinations have no count, and its warm restarts never count
            assert getattr(mine, key) == getattr(theirs, key)


@every_class
@settings(max_examples=30)
@given(data=st.data(), setup=setups, edits=edit_sets, metrics=metric_sequences)
def test_a_lr_edited_by_hand_is_kept_and_scaled_as_torch_does(
    name: str, data: st.DataObject, setup: Setup, edits: dict[int, float], metrics: list[float]
) -> None:
    arguments = data.draw(BY_NAME[name].arguments(len(setup.lrs)))
    a, b = setup.optimizer(), setup.optimizer()
    mine, theirs = build(OURS, a, name, arguments), build(TORCHS, b, name, arguments)
    n = life(arguments)
    ours, torchs = (
        run(optimizer, scheduler, n=n, edits=edits, metrics=metrics)
        for optimizer, scheduler in ((a, mine), (b, theirs))
    )
    assert_same(ours, torchs)


@settings(max_examples=300)
@given(data=st.data(), setup=setups, metrics=metric_sequences)
def test_two_schedulers_on_one_optimizer_do_what_torchs_do(
    data: st.DataObject, setup: Setup, metrics: list[float]
) -> None:
    """They multiply, but for those that write their lr whatever it was."""
    both = data.draw(st.lists(parts(len(setup.lrs), [*BY_NAME]), min_size=2, max_size=2).filter(apart))
    # torch's OneCycleLR replaces the initial_lr that an earlier scheduler has left, and so the base of what follows it.
    assume(both[1][0] == "OneCycleLR" or "OneCycleLR" not in names_in(both[1:]))
    a, b = setup.optimizer(), setup.optimizer()
    mine, theirs = ([build(classes, o, *each) for each in both] for o, classes in ((a, OURS), (b, TORCHS)))
    n = min(life(arguments) for _, arguments in both)
    ours, torchs = (
        run(optimizer, *schedulers, n=n, metrics=metrics) for optimizer, schedulers in ((a, mine), (b, theirs))
    )
    # torch's CyclicLR begins, for one epoch, at the initial_lr that an earlier scheduler has left, not at its base_lr.
    begin = int("CyclicLR" in names_in(both[1:]))
    # Floors of both can add up to a lr of 0, and a rounding error.
    assert_same(ours[begin:], torchs[begin:], nothing=1e-15)


@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in ("SequentialLR", "ReduceLROnPlateau")])
@settings(max_examples=10)
@given(data=st.data(), setup=setups)
def test_a_chain_of_one_is_that_one(name: str, data: st.DataObject, setup: Setup) -> None:
    arguments = {"schedulers": [(name, data.draw(BY_NAME[name].arguments(len(setup.lrs))))]}
    a, b = setup.optimizer(), setup.optimizer()
    mine, theirs = build(OURS, a, "ChainedScheduler", arguments), build(TORCHS, b, "ChainedScheduler", arguments)
    n = life(arguments)
    assert_same(run(a, mine, n=n), run(b, theirs, n=n))
