"""What people run into with torch's schedulers, symptom by symptom: here it does not happen.

The names of the tests are the symptoms; each was reproduced on torch 2.13. Where it is cheap the test shows torch doing
it, so that a row that torch mends one day is noticed.
"""

import copy
import functools
import io
import math
import os
import pickle
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler as them

import glideslope as gs
from glideslope import lr_scheduler as ours


def sgd(*lrs: Any, **options: Any) -> torch.optim.SGD:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs or (0.1,)]
    return torch.optim.SGD(groups, lr=0.1, **options)


def lr(scheduler: Any) -> float:
    return float(scheduler.optimizer.param_groups[0]["lr"])


def run(scheduler: Any, n: int, *metrics: float) -> list[float]:
    """The lr at each of n epochs, before the steps that end it."""
    out = []
    for t in range(n):
        out.append(lr(scheduler))
        scheduler.optimizer.step()
        scheduler.step(metrics[t]) if metrics else scheduler.step()
    return out


def torchs(make: Callable[[Any, torch.optim.Optimizer], Any], n: int) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run(make(them, sgd()), n)


def saved(*states: Any) -> list[Any]:
    """States as they come back from a file that may hold nothing but plain values."""
    file = io.BytesIO()
    torch.save(list(states), file)
    file.seek(0)
    return torch.load(file, weights_only=True)  # type: ignore[no-any-return]


@pytest.fixture
def silence() -> Iterator[None]:
    """Any warning fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


COMBINED: dict[str, Callable[[Any, torch.optim.Optimizer], Any]] = {
    "StepLR": lambda m, o: m.StepLR(o, 3, 0.5),
    "MultiStepLR": lambda m, o: m.MultiStepLR(o, [2, 5, 9], 0.5),
    "ConstantLR": lambda m, o: m.ConstantLR(o, 0.5, 4),
    "LinearLR": lambda m, o: m.LinearLR(o, 0.2, 0.9, 6),
    "ExponentialLR": lambda m, o: m.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda m, o: m.PolynomialLR(o, 15, 2.0),
    "CosineAnnealingLR": lambda m, o: m.CosineAnnealingLR(o, 7, 0.01),
    "CosineAnnealingWarmRestarts": lambda m, o: m.CosineAnnealingWarmRestarts(o, 3, 2, 0.01),
    "CyclicLR": lambda m, o: m.CyclicLR(o, 0.02, 0.2, 3, 4, mode="triangular2", cycle_momentum=False),
    "OneCycleLR": lambda m, o: m.OneCycleLR(o, 0.2, total_steps=25, cycle_momentum=False),
    "LambdaLR": lambda m, o: m.LambdaLR(o, lambda t: 1 / (1 + t)),
    "MultiplicativeLR": lambda m, o: m.MultiplicativeLR(o, lambda t: 1 - 0.1 / t),
    "SequentialLR": lambda m, o: m.SequentialLR(o, [m.LinearLR(o, 0.1, 1.0, 4), m.StepLR(o, 3, 0.5)], [4]),
    "ChainedScheduler": lambda m, o: m.ChainedScheduler([m.LinearLR(o, 0.1, 1.0, 4), m.StepLR(o, 3, 0.5)]),
}
each = pytest.mark.parametrize("name", COMBINED)


# -- 1, 2, 3, 4, 5, 6: resuming --------------------------------------------------------------------------------------


@each
@pytest.mark.parametrize(
    "order", ["build optimizer scheduler", "build scheduler optimizer", "optimizer build scheduler"]
)
def test_the_order_of_building_and_loading_changes_the_lr(name: str, order: str) -> None:
    """Here: any order of building and loading gives the lr of the uninterrupted run."""
    make = COMBINED[name]
    whole = run(make(ours, sgd()), 20)
    first = make(ours, sgd())
    run(first, 8)
    for_optimizer, for_scheduler = saved(first.optimizer.state_dict(), first.state_dict())
    optimizer, scheduler = sgd(), None
    for what in order.split():
        if what == "build":
            scheduler = make(ours, optimizer)
        elif what == "optimizer":
            optimizer.load_state_dict(for_optimizer)
        else:
            scheduler.load_state_dict(for_scheduler)  # type: ignore[union-attr]
    assert run(scheduler, 12) == pytest.approx(whole[8:], rel=1e-12)


@each
def test_load_state_dict_does_not_put_the_lr_back_into_the_optimizer(name: str) -> None:
    """Here: it does, loading twice is loading once, and the state that was passed is not changed."""
    first, second = COMBINED[name](ours, sgd()), COMBINED[name](ours, sgd())
    run(first, 5)
    state = saved(first.state_dict())[0]
    untouched = copy.deepcopy(state)
    second.load_state_dict(state)
    second.load_state_dict(state)
    assert lr(second) == lr(first)
    assert state == untouched
    assert second.state_dict() == first.state_dict()


def test_sequential_lr_with_a_last_epoch_is_wrong() -> None:
    """Here: `last_epoch=N` starts every class, and every part of a sequence, at epoch N + 1."""

    def make(optimizer: torch.optim.Optimizer, last_epoch: int = -1) -> Any:
        parts = [
            ours.LinearLR(optimizer, 0.1, 1.0, 4),
            ours.CosineAnnealingLR(optimizer, 10),
            ours.StepLR(optimizer, 2),
        ]
        return ours.SequentialLR(optimizer, parts, [4, 14], last_epoch=last_epoch)

    whole = run(make(sgd()), 25)
    for last_epoch in range(20):
        rebuilt = make(sgd(), last_epoch)
        assert rebuilt.last_epoch == last_epoch + 1
        assert run(rebuilt, 5) == pytest.approx(whole[last_epoch + 1 : last_epoch + 6], rel=1e-12)


def test_a_checkpoint_silently_wins_over_new_arguments() -> None:
    """Here: it wins, as in torch, and a warning names both values of what differs."""
    old, new = ours.CosineAnnealingLR(sgd(), T_max=90), ours.CosineAnnealingLR(sgd(), T_max=120)
    with pytest.warns(UserWarning, match="checkpoint was made with T_max=90, which now replaces T_max=120"):
        new.load_state_dict(old.state_dict())
    assert new.T_max == 90
    parts = [ours.SequentialLR(o, [ours.ConstantLR(o), ours.StepLR(o, 3)], [m]) for o, m in ((sgd(), 5), (sgd(), 7))]
    with pytest.warns(UserWarning, match=r"made with milestones=\[5\], which now replaces \[7\]"):
        parts[1].load_state_dict(parts[0].state_dict())
    cycle = ours.OneCycleLR(sgd(), 0.1, total_steps=50, cycle_momentum=False)
    with pytest.warns(UserWarning, match="made with total_steps=100, which now replaces total_steps=50"):
        cycle.load_state_dict(ours.OneCycleLR(sgd(), 0.1, total_steps=100, cycle_momentum=False).state_dict())


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("CosineAnnealingLR", "T_max", 20),
        ("CosineAnnealingLR", "eta_min", 0.05),
        ("StepLR", "gamma", 0.9),
        ("MultiStepLR", "milestones", [3, 4]),
        ("LinearLR", "total_iters", 12),
        ("PolynomialLR", "power", 0.5),
        ("CosineAnnealingWarmRestarts", "T_0", 8),
        ("CyclicLR", "step_size_up", 9),
        ("ExponentialLR", "gamma", 0.5),
        ("ConstantLR", "total_iters", 9),
    ],
)
def test_setting_an_argument_on_the_live_object_gives_a_wrong_curve(name: str, argument: str, value: Any) -> None:
    """Here: the curve of the new value, from the next step on."""
    scheduler, fresh = COMBINED[name](ours, sgd()), COMBINED[name](ours, sgd())
    setattr(fresh, argument, value)
    run(scheduler, 5)
    run(fresh, 5)
    setattr(scheduler, argument, value)
    expected = run(fresh, 12)
    assert scheduler.get_lr() == fresh._lrs_at(5)
    assert run(scheduler, 12)[1:] == pytest.approx(expected[1:], rel=1e-12)


@each
@pytest.mark.parametrize("last_epoch", [0, 1, 2, 4, 5, 8])
def test_rebuilding_with_last_epoch_gives_a_wrong_lr(name: str, last_epoch: int) -> None:
    """Here: the lr of the uninterrupted run, also on a milestone, where torch drops twice; torch's `KeyError` where `initial_lr` is missing."""
    if name in ("SequentialLR", "ChainedScheduler"):
        return  # see the test above; torch's ChainedScheduler has no such argument
    make = COMBINED[name]
    whole = run(make(ours, sgd()), 20)
    before = make(ours, sgd())
    run(before, last_epoch + 1)

    class Again:
        """The same module, with last_epoch given to every class."""

        def __getattr__(self, cls: str) -> Any:
            return functools.partial(getattr(ours, cls), last_epoch=last_epoch)

    optimizer = sgd(0.7)
    optimizer.load_state_dict(before.optimizer.state_dict())
    rebuilt = make(Again(), optimizer)
    assert run(rebuilt, 10) == pytest.approx(whole[last_epoch + 1 : last_epoch + 11], rel=1e-12)
    with pytest.raises(KeyError, match=r"param 'initial_lr' is not specified in param_groups\[0\]"):
        make(Again(), sgd())


# -- 7, 11, 12, 13, 36, 37, 38: combinations -------------------------------------------------------------------------


def test_reduce_lr_on_plateau_cannot_stand_in_sequential_or_chained() -> None:
    """Here: it can, and `step(metric)` hands it the metric."""
    optimizer = sgd()
    warm = ours.LinearLR(optimizer, 0.5, 1.0, 2)
    sequential = ours.SequentialLR(optimizer, [warm, ours.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)], [2])
    got = run(sequential, 6, 9.0, 9.0, 1.0, 1.0, 0.5, 0.5)
    assert got == pytest.approx([0.05, 0.075, 0.1, 0.1, 0.05, 0.05])
    optimizer = sgd()
    plateau = ours.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    chained = ours.ChainedScheduler([plateau, ours.StepLR(optimizer, 2)])
    assert run(chained, 5, 1.0, 2.0, 0.5, 0.9, 0.1) == pytest.approx([0.1, 0.1, 0.005, 0.005, 0.00025])
    with pytest.raises(gs.ScheduleError, match=r"`metrics` must be a number, got None. Call scheduler.step\(metric\)"):
        chained.step()


def test_a_nested_sequential_changes_the_schedule() -> None:
    """Here: nested is the same as flat."""

    def nested(m: Any, o: torch.optim.Optimizer) -> Any:
        inner = m.SequentialLR(o, [m.ConstantLR(o, 0.1, 99), m.LinearLR(o, 0.2, 1.0, 3)], [2])
        return m.SequentialLR(o, [inner, m.ExponentialLR(o, 0.9)], [6])

    def flat(m: Any, o: torch.optim.Optimizer) -> Any:
        parts = [m.ConstantLR(o, 0.1, 99), m.LinearLR(o, 0.2, 1.0, 3), m.ExponentialLR(o, 0.9)]
        return m.SequentialLR(o, parts, [2, 6])

    expected = run(flat(ours, sgd()), 15)
    assert torchs(flat, 15) == pytest.approx(expected, rel=1e-9)
    assert torchs(nested, 15) != pytest.approx(expected, rel=1e-9)
    scheduler = nested(ours, sgd())
    assert run(scheduler, 15) == pytest.approx(expected, rel=1e-12)
    assert scheduler.schedule == flat(ours, sgd()).schedule


def test_sequential_or_chained_as_a_later_child_is_not_implemented() -> None:
    """Here: it works."""

    def make(m: Any, o: torch.optim.Optimizer) -> Any:
        later = m.SequentialLR(o, [m.LinearLR(o, 0.5, 1.0, 2), m.StepLR(o, 2)], [2])
        last = m.ChainedScheduler([m.ExponentialLR(o, 0.5), m.ConstantLR(o, 0.5, 2)])
        return m.SequentialLR(o, [m.ConstantLR(o, 0.1, 99), later, last], [3, 9])

    with pytest.raises(NotImplementedError):
        torchs(make, 12)
    scheduler = make(ours, sgd())
    expected = [0.01] * 3 + [0.05, 0.075, 0.1, 0.1, 0.01, 0.01] + [0.05, 0.025, 0.025]
    assert run(scheduler, 12) == pytest.approx(expected)
    assert [0.1 * scheduler.schedule(t) for t in range(12)] == pytest.approx(expected)


@pytest.mark.parametrize(
    "absolute",
    ["LambdaLR", "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR", "SequentialLR"],
)
def test_chained_scheduler_depends_on_the_order_and_absolute_writers_erase_the_others(absolute: str) -> None:
    """Here: it is a product, and the order does not matter."""

    def one_way(m: Any, o: torch.optim.Optimizer) -> Any:
        return m.ChainedScheduler([COMBINED[absolute](m, o), m.ExponentialLR(o, 0.5)])

    def other_way(m: Any, o: torch.optim.Optimizer) -> Any:
        return m.ChainedScheduler([m.ExponentialLR(o, 0.5), COMBINED[absolute](m, o)])

    a, b = run(one_way(ours, sgd()), 20), run(other_way(ours, sgd()), 20)
    alone = run(COMBINED[absolute](ours, sgd()), 20)
    assert a == pytest.approx([lr * 0.5**t for t, lr in enumerate(alone)], rel=1e-12)
    assert b == pytest.approx(a, rel=1e-12)
    assert torchs(one_way, 20) != pytest.approx(torchs(other_way, 20))


def test_a_chain_goes_on_after_one_of_its_factors_has_been_zero() -> None:
    optimizer = sgd()
    parts = [ours.CosineAnnealingLR(optimizer, 4), ours.ExponentialLR(optimizer, 0.5)]
    got = run(ours.ChainedScheduler(parts), 9)
    assert got == pytest.approx([0.1 * gs.CosineWave(4)(t) * 0.5**t for t in range(9)], rel=1e-12)


def test_the_constructor_of_one_cycle_spoils_the_warmup_in_front_of_it() -> None:
    """Here: the warmup rises to the lr the optimizer was built with."""
    optimizer = sgd(0.1, momentum=0.9)
    parts = [ours.LinearLR(optimizer, 0.5, 1.0, 4), ours.OneCycleLR(optimizer, max_lr=0.8, total_steps=20)]
    got = run(ours.SequentialLR(optimizer, parts, [4]), 24)
    assert got[:4] == pytest.approx([0.05, 0.0625, 0.075, 0.0875])
    assert got[4:] == pytest.approx([0.8 * gs.OneCycle(20)(t) for t in range(20)])


def test_multiplicative_lr_does_not_restart_from_the_base_in_a_sequence() -> None:
    """Here: it does."""

    def make(m: Any, o: torch.optim.Optimizer) -> Any:
        return m.SequentialLR(o, [m.ConstantLR(o, 0.1, 99), m.MultiplicativeLR(o, lambda t: 0.5)], [3])

    expected = [0.01, 0.01, 0.01, 0.1, 0.05, 0.025]
    assert run(make(ours, sgd()), 6) == pytest.approx(expected)
    assert torchs(make, 6) != pytest.approx(expected)


def test_unsorted_milestones_pick_the_wrong_child() -> None:
    """Here: `ScheduleError` when it is built."""
    optimizer = sgd()
    parts = [ours.ConstantLR(optimizer) for _ in range(3)]
    with pytest.raises(ValueError, match=r"SequentialLR: `milestones` must be in order, got \[9, 3\]"):
        ours.SequentialLR(optimizer, parts, [9, 3])


# -- 8, 10, 16, 48: the guard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("clear", ["after both steps", "between the steps"])
def test_a_step_skipped_by_amp_gives_a_false_warning_about_the_order(clear: str, silence: None) -> None:
    """Here: no warning: updates are counted, not guessed."""
    w = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([w], lr=0.1)
    scheduler = ours.StepLR(optimizer, 3)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**16)
    for t in range(40):
        scaler.scale(w.sum() * (float("inf") if t in (0, 1, 5) else 1.0)).backward()
        scaler.step(optimizer)
        scaler.update()
        if clear == "between the steps":
            optimizer.zero_grad()
        scheduler.step()
        optimizer.zero_grad()


@pytest.mark.parametrize("per_update", [2, 4, 100])
@pytest.mark.parametrize("name", ["StepLR", "CosineAnnealingLR", "ChainedScheduler", "OneCycleLR"])
def test_many_scheduler_steps_for_one_update_are_never_noticed(name: str, per_update: int) -> None:
    """Here: said once, with the numbers."""
    scheduler = COMBINED[name](ours, sgd())
    if name == "OneCycleLR":
        scheduler = ours.OneCycleLR(sgd(), 0.2, total_steps=2000, cycle_momentum=False)
    with pytest.warns(UserWarning, match="times as fast as the training") as said:
        for t in range(1000):
            if t % per_update == 0:
                scheduler.optimizer.step()
            scheduler.step()
    assert len(said) == 1
    assert said[0].filename == __file__


@pytest.mark.parametrize("updates", [1, 2, 50])
def test_one_step_for_each_update_or_for_many_is_no_reason_to_warn(updates: int, silence: None) -> None:
    scheduler = ours.CosineAnnealingLR(sgd(), 300)
    for _ in range(200):
        for _ in range(updates):
            scheduler.optimizer.step()
        scheduler.step()


@pytest.mark.parametrize("wrap", ["compile", "partial"])
def test_a_step_that_was_compiled_or_wrapped_before_building_is_an_attribute_error(wrap: str, silence: None) -> None:
    """Here: it works: `step` is not touched."""
    optimizer = sgd()
    step = optimizer.step
    optimizer.step = torch.compile(step, backend="eager") if wrap == "compile" else functools.partial(step)  # type: ignore[method-assign, assignment]
    held = optimizer.step
    with pytest.raises(AttributeError):
        them.StepLR(sgd_like(optimizer), 3)
    assert run(ours.StepLR(optimizer, 3), 7) == pytest.approx([0.1] * 3 + [0.01] * 3 + [0.001])
    assert optimizer.step is held


def sgd_like(optimizer: torch.optim.Optimizer) -> torch.optim.Optimizer:
    """Another optimizer whose step was wrapped in the same way."""
    other = sgd()
    other.step = functools.partial(other.step)  # type: ignore[method-assign]
    return other


def test_a_step_that_is_compiled_after_building_is_called_overridden(silence: None) -> None:
    """Here: no warning."""
    optimizer = sgd()
    scheduler = ours.StepLR(optimizer, 3)
    optimizer.step = torch.compile(optimizer.step, backend="eager")  # type: ignore[method-assign]
    assert run(scheduler, 7) == pytest.approx([0.1] * 3 + [0.01] * 3 + [0.001])


@each
def test_a_deepcopy_gives_a_false_warning_that_step_was_overridden(name: str, silence: None) -> None:
    """Here: no warning; copies and pickles go on where they were."""
    scheduler = COMBINED[name](ours, sgd())
    run(scheduler, 2)
    twin = copy.deepcopy(scheduler)
    assert run(twin, 12) == run(scheduler, 12)
    assert twin.optimizer is not scheduler.optimizer


def test_the_optimizers_step_is_never_replaced_and_nothing_is_kept_alive() -> None:
    import gc
    import weakref

    for make in COMBINED.values():
        scheduler = make(ours, sgd())
        optimizer = scheduler.optimizer
        assert "step" not in vars(optimizer)
        scheduler_gone, optimizer_gone = weakref.ref(scheduler), weakref.ref(optimizer)
        gc.disable()
        try:
            del scheduler
            assert scheduler_gone() is None
            del optimizer
            assert optimizer_gone() is None
        finally:
            gc.enable()


# -- 9: groups added later -------------------------------------------------------------------------------------------


@each
def test_add_param_group_after_construction_crashes_or_is_silently_wrong(name: str) -> None:
    """Here: the group joins where the run is."""
    scheduler, alone = COMBINED[name](ours, sgd()), COMBINED[name](ours, sgd())
    run(scheduler, 3)
    whole = run(alone, 16)
    scheduler.optimizer.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 0.1})
    for t in range(3, 15):
        run(scheduler, 1)
        groups = scheduler.optimizer.param_groups
        assert [group["lr"] for group in groups] == pytest.approx([whole[t + 1]] * 2, rel=1e-12)
    state = saved(scheduler.state_dict())[0]
    twin = COMBINED[name](ours, sgd(0.1, 0.1))
    twin.load_state_dict(state)
    assert run(twin, 3) == run(scheduler, 3)


@each
def test_a_state_saved_right_after_add_param_group_lacks_the_group(name: str) -> None:
    """Here: the group is in it, at the lr of that epoch."""
    scheduler = COMBINED[name](ours, sgd())
    run(scheduler, 3)
    scheduler.optimizer.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 0.1})
    twin = COMBINED[name](ours, sgd(0.1, 0.1))
    twin.load_state_dict(saved(scheduler.state_dict())[0])
    assert twin.get_last_lr() == scheduler.get_last_lr()
    assert twin.get_last_lr()[0] == twin.get_last_lr()[1]


# -- 17, 18, 44, 53: reading -----------------------------------------------------------------------------------------


@each
def test_get_lr_outside_step_is_not_the_lr_in_use(name: str, silence: None) -> None:
    """Here: it is, and it can be asked at any time."""
    scheduler = COMBINED[name](ours, sgd(0.1, 0.4))
    for _ in range(12):
        for _ in range(2):
            assert scheduler.get_lr() == pytest.approx(scheduler.get_last_lr(), rel=1e-12)
        run(scheduler, 1)


@each
def test_ignite_counts_by_itself_and_reads_get_lr(name: str) -> None:
    """It bumps last_epoch and never calls step()."""
    whole = run(COMBINED[name](ours, sgd()), 15)
    scheduler = COMBINED[name](ours, sgd())
    for lr in whole:
        assert scheduler.get_lr() == pytest.approx([lr], rel=1e-12)
        scheduler.last_epoch += 1


@each
def test_resuming_composing_and_closed_forms_disagree(name: str) -> None:
    """Here: there is one form."""
    make = COMBINED[name]
    stepped = run(make(ours, sgd()), 12)
    assert [make(ours, sgd())._lrs_at(t)[0] for t in range(12)] == pytest.approx(stepped, rel=1e-12)
    optimizer = sgd()
    parts = [ours.ConstantLR(optimizer, 0.5, 99), make(ours, optimizer)]
    assert run(ours.SequentialLR(optimizer, parts, [2]), 14)[2:] == pytest.approx(stepped, rel=1e-12)
    optimizer = sgd()
    alone = ours.ChainedScheduler([make(ours, optimizer)])
    assert run(alone, 12) == pytest.approx(stepped, rel=1e-12)


@each
def test_get_last_lr_hands_out_the_internal_list(name: str) -> None:
    """Here: a new list, and copies of tensors."""
    scheduler = COMBINED[name](ours, sgd())
    before = scheduler.get_last_lr()
    scheduler.get_last_lr()[0] = 7.0
    assert scheduler.get_last_lr() == before


@each
def test_there_is_no_way_to_ask_for_the_lr_at_a_time_without_stepping(name: str) -> None:
    """Here: `scheduler.schedule` is the curve, as a value."""
    scheduler = COMBINED[name](ours, sgd())
    if name in ("LambdaLR", "MultiplicativeLR"):
        with pytest.raises(gs.ScheduleError, match="calls a function, which is not a value"):
            _ = scheduler.schedule
        return
    peak = 0.2 if name in ("CyclicLR", "OneCycleLR") else 0.1  # their base_lr is the peak
    values = gs.trace(scheduler.schedule, gs.Run(epochs=20), base_lr=peak).values.tolist()
    assert values == pytest.approx(run(scheduler, 20), rel=1e-12)
    assert gs.parse(repr(scheduler.schedule)) == scheduler.schedule


def test_a_plateau_without_a_metric_is_no_type_error_after_which_deepspeed_would_pass_the_batch_size() -> None:
    with pytest.raises(gs.ScheduleError, match=r"`metrics` must be a number, got None. Call scheduler.step\(metric\)"):
        ours.ReduceLROnPlateau(sgd()).step()


def test_a_plateau_follows_a_metric_and_has_no_schedule() -> None:
    with pytest.raises(gs.ScheduleError, match="a metric decides"):
        _ = ours.ReduceLROnPlateau(sgd()).schedule


# -- 19, 20, 21: arguments and ends ----------------------------------------------------------------------------------


def test_one_cycle_leaves_an_odd_lr_at_its_end_and_kills_the_run_one_step_later() -> None:
    """Here: the end value is held, and going on is said once."""
    with pytest.raises(ValueError, match="Tried to step"):
        torchs(lambda m, o: m.OneCycleLR(o, 0.1, total_steps=10, cycle_momentum=False), 12)
    optimizer = sgd(0.1, momentum=0.9)
    scheduler = ours.OneCycleLR(optimizer, 0.1, total_steps=10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a loop of total_steps ends with as many calls of step()
        run(scheduler, 10)
    with pytest.warns(UserWarning, match=r"step 11 of a cycle of total_steps=10; the lr is held") as said:
        run(scheduler, 20)
    assert len(said) == 1
    assert lr(scheduler) == pytest.approx(0.1 / 25 / 1e4)
    assert optimizer.param_groups[0]["momentum"] == pytest.approx(0.95)


ZERO, NEGATIVE, FRACTION, NAN = 0, -1, 2.5, math.nan


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("StepLR", {"step_size": ZERO}),
        ("StepLR", {"step_size": FRACTION}),
        ("StepLR", {"step_size": 3, "gamma": NAN}),
        ("MultiStepLR", {"milestones": [FRACTION]}),
        ("ExponentialLR", {"gamma": NEGATIVE}),
        ("ConstantLR", {"total_iters": ZERO}),
        ("ConstantLR", {"factor": NAN}),
        ("ConstantLR", {"factor": 1.5}),
        ("LinearLR", {"total_iters": ZERO}),
        ("LinearLR", {"start_factor": ZERO}),
        ("LinearLR", {"end_factor": NEGATIVE}),
        ("LinearLR", {"total_iters": FRACTION}),
        ("PolynomialLR", {"total_iters": ZERO}),
        ("PolynomialLR", {"power": NAN}),
        ("CosineAnnealingLR", {"T_max": ZERO}),
        ("CosineAnnealingLR", {"T_max": FRACTION}),
        ("CosineAnnealingLR", {"T_max": 5, "eta_min": NAN}),
        ("CosineAnnealingWarmRestarts", {"T_0": ZERO}),
        ("CosineAnnealingWarmRestarts", {"T_0": 5, "T_mult": FRACTION}),
        ("CosineAnnealingWarmRestarts", {"T_0": 5, "eta_min": "0"}),
        ("CyclicLR", {"base_lr": NAN, "max_lr": 0.1, "cycle_momentum": False}),
        ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "step_size_up": ZERO, "cycle_momentum": False}),
        ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "step_size_down": NEGATIVE, "cycle_momentum": False}),
        ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "mode": "square", "cycle_momentum": False}),
        ("CyclicLR", {"base_lr": [0.1, 0.2], "max_lr": 0.2, "cycle_momentum": False}),
        ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "gamma": ZERO, "cycle_momentum": False}),
        ("OneCycleLR", {"max_lr": NEGATIVE, "total_steps": 10, "cycle_momentum": False}),
        ("OneCycleLR", {"max_lr": 0.1, "total_steps": ZERO, "cycle_momentum": False}),
        ("OneCycleLR", {"max_lr": 0.1, "epochs": 3, "cycle_momentum": False}),
        ("OneCycleLR", {"max_lr": 0.1, "epochs": 3, "steps_per_epoch": ZERO, "cycle_momentum": False}),
        ("OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "pct_start": NAN, "cycle_momentum": False}),
        ("OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "div_factor": ZERO, "cycle_momentum": False}),
        ("OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "final_div_factor": NEGATIVE, "cycle_momentum": False}),
        ("ReduceLROnPlateau", {"factor": 1.0}),
        ("ReduceLROnPlateau", {"factor": NEGATIVE}),
        ("ReduceLROnPlateau", {"patience": NEGATIVE}),
        ("ReduceLROnPlateau", {"patience": FRACTION}),
        ("ReduceLROnPlateau", {"threshold": NAN}),
        ("ReduceLROnPlateau", {"cooldown": NEGATIVE}),
        ("ReduceLROnPlateau", {"mode": "least"}),
        ("ReduceLROnPlateau", {"min_lr": [0.1, 0.1]}),
        ("ReduceLROnPlateau", {"eps": NEGATIVE}),
        ("LambdaLR", {"lr_lambda": [abs, abs]}),
        ("SWALR", {"swa_lr": NEGATIVE}),
        ("SWALR", {"swa_lr": 0.1, "anneal_epochs": FRACTION}),
    ],
)
def test_zero_negative_fractional_and_nan_arguments_fail_late_or_never(name: str, arguments: dict[str, Any]) -> None:
    """Here: `ScheduleError` (a `ValueError`) when it is built, and nothing is changed."""
    optimizer = sgd()
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(ValueError, match=f"^{name}.* must (be|have) ") as caught:
        getattr(ours, name)(optimizer, **arguments)
    assert type(caught.value) is gs.ScheduleError
    assert optimizer.state_dict() == before


def test_cycling_the_momentum_of_an_optimizer_that_has_none_is_refused() -> None:
    optimizer = torch.optim.Rprop([torch.nn.Parameter(torch.zeros(1))])
    before = copy.deepcopy(optimizer.state_dict())
    for make in (lambda: ours.CyclicLR(optimizer, 0.1, 0.2), lambda: ours.OneCycleLR(optimizer, 0.2, total_steps=9)):
        with pytest.raises(ValueError, match="`cycle_momentum` must be False for Rprop"):
            make()
    assert optimizer.state_dict() == before


def test_a_function_that_gives_no_number_is_told_with_its_epoch() -> None:
    scheduler = ours.LambdaLR(sgd(), lambda t: math.nan if t == 3 else 1.0)
    run(scheduler, 2)
    with pytest.raises(gs.ScheduleError, match=r"LambdaLR: lr_lambda\(3\) must be a finite number, got nan"):
        run(scheduler, 1)
    with pytest.warns(UserWarning, match=r"lr_lambda\(5\) is -0.25: with a negative lr the optimizer climbs") as said:
        run(ours.LambdaLR(sgd(), lambda t: 1 - t / 4), 9)
    assert len(said) == 1
    with pytest.raises(ZeroDivisionError):  # the function's own mistakes stay what they are
        ours.LambdaLR(sgd(), lambda t: 1 / t)


@pytest.mark.parametrize("total_steps", [10, 100, 1])
def test_one_cycle_divides_by_zero_when_its_rise_has_no_length(total_steps: int) -> None:
    """Here: a rise of no length is passed over."""

    def make(m: Any, o: torch.optim.Optimizer) -> Any:
        return m.OneCycleLR(o, 0.1, total_steps=total_steps, pct_start=1 / total_steps, cycle_momentum=False)

    with pytest.raises(ZeroDivisionError):
        torchs(make, 1)
    expected = gs.OneCycle(total_steps, pct_start=1 / total_steps)
    assert run(make(ours, sgd()), total_steps) == pytest.approx([0.1 * expected(t) for t in range(total_steps)])


# -- 23, 24: warm restarts -------------------------------------------------------------------------------------------


def test_warm_restarts_with_a_last_epoch_are_wrong_for_t_mult_above_one() -> None:
    """Here: right, from any epoch."""
    make = functools.partial(ours.CosineAnnealingWarmRestarts, T_0=3, T_mult=2, eta_min=0.01)
    whole = run(make(sgd()), 60)
    for at in range(1, 40):
        optimizer = sgd()
        optimizer.param_groups[0]["initial_lr"] = 0.1
        assert run(make(optimizer, last_epoch=at - 1), 20) == pytest.approx(whole[at : at + 20], rel=1e-12)


def test_step_with_an_epoch_is_wrong_at_exact_restart_points() -> None:
    """Here: restarts are found in whole numbers."""
    wrong = 0
    for t_0 in range(1, 34):
        for t_mult in range(2, 6):
            mine = ours.CosineAnnealingWarmRestarts(sgd(), t_0, t_mult)
            theirs = them.CosineAnnealingWarmRestarts(sgd(), t_0, t_mult)
            epoch = 0
            for cycle in range(12):
                epoch += t_0 * t_mult**cycle
                mine.step(epoch)
                theirs.step(epoch)
                assert (mine.T_cur, mine.T_i, lr(mine)) == (0, t_0 * t_mult ** (cycle + 1), 0.1)
                wrong += lr(theirs) != pytest.approx(0.1)
    assert wrong > 50


# -- 25, 26, 27, 28, 29: plateaus ------------------------------------------------------------------------------------


def bad_epochs(module: Any, metrics: list[float], **arguments: Any) -> list[int]:
    scheduler = module.ReduceLROnPlateau(sgd(), patience=99, **arguments)
    out = []
    for metric in metrics:
        scheduler.step(metric)
        out.append(scheduler.num_bad_epochs)
    return out


def test_a_worse_negative_metric_counts_as_better() -> None:
    """Here: a metric is compared by the size of its best."""
    worse = [-1.0, -0.95, -0.92]  # a log-likelihood loss that rises
    assert bad_epochs(ours, worse, threshold=0.1) == [0, 1, 2]
    assert bad_epochs(them, worse, threshold=0.1) == [0, 0, 0]
    assert bad_epochs(ours, [-1.0, -1.2, -1.25], threshold=0.1) == [0, 0, 1]
    assert bad_epochs(ours, [-1.0, -0.8, -0.85], mode="max", threshold=0.1) == [0, 0, 1]
    assert bad_epochs(ours, [-1.0, -1.05], mode="max", threshold=0.1) == [0, 1]
    assert bad_epochs(ours, [0.0, 0.0, -1e-9], threshold=0.1) == [0, 1, 0]


@pytest.mark.parametrize("patience", [0, 1, 2, 5])
def test_the_patience_of_a_plateau_is_read_off_by_one(patience: int) -> None:
    """Here: the same count as torch, with a table in {class}`~glideslope.Plateau`: patience bad epochs are let pass, the next one reduces."""
    counts = []
    for module in (ours, them):
        scheduler = module.ReduceLROnPlateau(sgd(), patience=patience)
        scheduler.step(1.0)
        bad = 0
        while lr(scheduler) == 0.1:
            scheduler.step(1.0)
            bad += 1
        counts.append(bad)
    assert counts == [patience + 1] * 2


def test_a_nan_metric_counts_as_bad_in_silence() -> None:
    """Here: said once; set `scheduler.on_nan` to "ignore" or "raise" for another policy."""
    scheduler = ours.ReduceLROnPlateau(sgd(), patience=1)
    with pytest.warns(UserWarning, match="the metric is NaN, which counts as no better; set `on_nan`") as said:
        for metric in (1.0, math.nan, math.nan, math.nan):
            scheduler.step(metric)
    assert len(said) == 1
    assert lr(scheduler) == pytest.approx(0.01)
    passing = ours.ReduceLROnPlateau(sgd(), patience=1)
    passing.on_nan = "ignore"
    for metric in (1.0, math.nan, math.nan, math.nan):
        passing.step(metric)
    assert (lr(passing), passing.num_bad_epochs) == (0.1, 0)
    passing.on_nan = "raise"
    with pytest.raises(gs.ScheduleError, match="the metric must be a number, got nan"):
        passing.step(math.nan)


def test_eps_silently_blocks_small_reductions() -> None:
    """Here: said once."""
    scheduler = ours.ReduceLROnPlateau(sgd(1e-8), patience=0)
    with pytest.warns(UserWarning, match="smaller than eps=1e-08 and was not made") as said:
        for _ in range(5):
            scheduler.step(1.0)
    assert len(said) == 1
    assert lr(scheduler) == 1e-8


def plateau_on_a_rank(rank: int, file: str, out: str) -> None:
    torch.distributed.init_process_group("gloo", init_method=f"file://{file}", rank=rank, world_size=2)
    lrs = []
    for reduce_metric in (None, "mean", "max"):
        scheduler = ours.ReduceLROnPlateau(sgd(), patience=1, factor=0.5)
        scheduler.reduce_metric = reduce_metric
        for epoch in range(6):
            scheduler.step(1.0 if rank == 0 else 1.0 - 0.1 * epoch)  # it gets better on rank 1 alone
        lrs.append(lr(scheduler))
    Path(f"{out}{rank}").write_text(repr(lrs))
    torch.distributed.barrier()
    os._exit(0)  # gloo's threads may outlive an ordinary end, which aborts the process


def test_under_data_parallel_training_the_ranks_of_a_plateau_diverge(tmp_path: Path) -> None:
    """Here: set `scheduler.reduce_metric` to "mean", "min" or "max", and all ranks see one metric."""
    torch.multiprocessing.spawn(plateau_on_a_rank, (str(tmp_path / "meet"), str(tmp_path / "lrs")), nprocs=2)  # type: ignore[no-untyped-call, attr-defined]
    first, second = (eval((tmp_path / f"lrs{rank}").read_text()) for rank in (0, 1))
    assert first[0] != second[0]
    assert first[1:] == second[1:]
    assert first[1] == 0.1
    assert first[2] < 0.1


# -- 30, 32: tensors -------------------------------------------------------------------------------------------------


def test_a_compiled_step_recompiles_at_every_change_of_a_float_lr_and_not_of_a_tensor() -> None:
    """Here: a tensor lr is filled in place, so one compilation serves the whole run; a float lr does recompile."""
    counts = {}
    for kind in ("float", "tensor"):
        torch._dynamo.reset()  # type: ignore[no-untyped-call]
        value = 0.1 if kind == "float" else torch.tensor(0.1)
        w = torch.nn.Parameter(torch.ones(1))
        optimizer = torch.optim.SGD([w], lr=value, foreach=False)
        scheduler = ours.CosineAnnealingLR(optimizer, 50)
        graphs: list[Any] = []

        def count(graph: Any, inputs: Any, graphs: list[Any] = graphs) -> Any:
            graphs.append(graph)
            return graph.forward

        step = torch.compile(optimizer.step, backend=count)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the compiler has to say about itself
            for _ in range(6):
                w.grad = torch.ones(1)
                step()
                scheduler.step()
        counts[kind] = len(graphs)
    assert counts["tensor"] == 1
    assert counts["float"] > 1


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_a_tensor_lr_is_updated_recursively_in_its_own_precision(dtype: torch.dtype) -> None:
    """Here: computed in float64, written once."""
    mine, theirs = sgd(torch.tensor(0.1, dtype=dtype)), sgd(torch.tensor(0.1, dtype=dtype))
    for module, optimizer in ((ours, mine), (them, theirs)):
        run(module.LinearLR(optimizer, 0.01, 1.0, 1000), 1000)
    end = float(mine.param_groups[0]["lr"])
    assert end == pytest.approx(0.1, rel=2 * torch.finfo(dtype).eps)
    if dtype == torch.bfloat16:
        assert float(theirs.param_groups[0]["lr"]) < 0.05


# -- 39, 41, 46, 47: states ------------------------------------------------------------------------------------------


class Slotted:
    __slots__ = ("power",)

    def __init__(self, power: float) -> None:
        self.power = power

    def __call__(self, epoch: int) -> float:
        return float((1 + epoch) ** -self.power)


class Holding:
    """Its attributes are of several kinds, one of which no checkpoint can hold."""

    def __init__(self, scale: Any) -> None:
        self.scale, self.table, self.opened = scale, {"a": [np.float64(0.5), (1, 2)]}, open

    def __call__(self, epoch: int) -> float:
        return float(self.scale)


@pytest.mark.parametrize("name", ["LambdaLR", "MultiplicativeLR"])
def test_the_state_of_callables_with_slots_or_of_builtins_crashes(name: str) -> None:
    """Here: both work; attributes that no checkpoint can hold are named."""
    make = getattr(ours, name)
    with pytest.raises(AttributeError):
        getattr(them, name)(sgd(), Slotted(0.5)).state_dict()
    old, new = make(sgd(), Slotted(0.5)), make(sgd(), Slotted(0.9))
    new.load_state_dict(saved(old.state_dict())[0])
    assert new.lr_lambdas[0].power == 0.5
    assert make(sgd(), math.sqrt).state_dict()["lr_lambdas"] == [None]
    held = make(sgd(), Holding(np.float32(0.5)))
    with pytest.warns(UserWarning, match=r"Holding is saved without opened \(builtin_function_or_method\)"):
        state = held.state_dict()
    assert saved(state)[0]["lr_lambdas"] == [{"scale": 0.5, "table": {"a": [0.5, (1, 2)]}}]


def test_a_state_that_holds_numpy_numbers_does_not_load_with_weights_only() -> None:
    """Here: numbers in a state, and in the optimizer, are plain."""
    made = [
        ours.StepLR(sgd(), np.int64(3), np.float64(0.5)),
        ours.CosineAnnealingLR(sgd(), np.int32(9), np.float32(0.25)),
        ours.CyclicLR(sgd(), np.float64(0.1), np.array([0.2]).tolist(), np.int64(3), cycle_momentum=False),
        ours.MultiStepLR(sgd(), np.array([3, 6])),  # type: ignore[arg-type]
        ours.ReduceLROnPlateau(sgd(), factor=np.float64(0.5)),
        ours.LambdaLR(sgd(), lambda t: np.float64(0.5)),  # type: ignore[arg-type, return-value]
    ]
    for scheduler in made:
        scheduler.step(np.float64(1.0)) if isinstance(scheduler, ours.ReduceLROnPlateau) else run(scheduler, 1)
        state = scheduler.state_dict()
        for each in (state, scheduler.optimizer.state_dict()):
            saved(each)
        assert saved(state)[0] == state


def test_a_second_scheduler_silently_takes_the_base_lr_of_the_first() -> None:
    """Here: said, with both rates, when the first one has already driven the optimizer."""
    optimizer = sgd(1.0)
    run(ours.StepLR(optimizer, 2), 5)
    with pytest.warns(
        UserWarning, match=r"StepLR has driven this optimizer before.* the base lr is the 1 it left"
    ) as w:
        run(ours.CosineAnnealingLR(optimizer, 10), 3)
    assert len(w) == 1
    assert w[0].filename == __file__
    del optimizer.param_groups[0]["initial_lr"]
    optimizer.param_groups[0]["lr"] = 0.25
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ours.CosineAnnealingLR(optimizer, 10).base_lrs == [0.25]


def test_schedulers_that_are_built_together_are_no_reason_to_warn(silence: None) -> None:
    for make in COMBINED.values():
        optimizer = sgd()
        run(ours.ChainedScheduler([make(ours, optimizer), ours.StepLR(optimizer, 9)]), 12)
        optimizer = sgd()
        parts = [ours.LinearLR(optimizer), make(ours, optimizer)]
        run(ours.SequentialLR(optimizer, parts, [3]), 12)


@each
def test_the_state_of_one_class_loads_into_another_without_a_word(name: str) -> None:
    """Here: refused, with both names."""
    for other, make in COMBINED.items():
        if other == name:
            continue
        scheduler = make(ours, sgd())
        before = scheduler.state_dict()
        for module in (ours, them):
            state = COMBINED[name](module, sgd()).state_dict()
            if module is them and {name, other} in ({"LambdaLR", "MultiplicativeLR"},):
                continue  # torch's states of these two are the same to the letter
            with pytest.raises(gs.ScheduleError, match=f"class {other}, got that of") as caught:
                scheduler.load_state_dict(state)
            assert name in str(caught.value) or module is them
            assert scheduler.state_dict() == before


def test_a_subclass_in_a_program_says_its_own_lr_and_keeps_its_attributes_in_the_state() -> None:
    def with_warmup(module: Any) -> Any:
        class WarmupMultiStepLR(module.MultiStepLR):  # type: ignore[misc, name-defined]
            def __init__(self, optimizer: torch.optim.Optimizer, milestones: list[int], warmup: int = 4) -> None:
                self.warmup = warmup
                super().__init__(optimizer, milestones, gamma=0.5)

            def get_lr(self) -> list[float]:
                if self.last_epoch <= self.warmup:
                    return [base * (self.last_epoch + 1) / (self.warmup + 1) for base in self.base_lrs]
                return super().get_lr()  # type: ignore[no-any-return]

        return WarmupMultiStepLR

    mine, theirs = (with_warmup(module)(sgd(), [6, 9]) for module in (ours, them))
    expected = run(theirs, 14)
    assert run(mine, 8) == pytest.approx(expected[:8], rel=1e-12)
    twin = with_warmup(ours)(sgd(), [6, 9], warmup=1)
    twin.load_state_dict(saved(mine.state_dict())[0])
    assert twin.warmup == 4
    assert run(twin, 6) == pytest.approx(expected[8:], rel=1e-12)


@each
def test_pickled_and_copied_schedulers_go_on(name: str) -> None:
    scheduler = COMBINED[name](ours, sgd())
    run(scheduler, 4)
    if name in ("LambdaLR", "MultiplicativeLR"):
        scheduler.lr_lambdas[0] = Slotted(0.5)
        scheduler._rebuild()
    twin = pickle.loads(pickle.dumps(scheduler))
    assert run(twin, 12) == run(scheduler, 12)


def test_there_is_no_schedule_for_each_param_group() -> None:
    """Here: `Scheduler` takes one schedule for each group, by place or by the group's name."""
    from glideslope.torch import Scheduler

    optimizer = sgd(0.1, 0.4)
    scheduler = Scheduler(optimizer, [gs.StepDecay(2), gs.Constant()])
    run(scheduler, 3)
    assert scheduler.get_last_lr() == pytest.approx([0.01, 0.4])


def test_there_is_no_schedule_for_weight_decay_momentum_or_betas() -> None:
    """Here: `Scheduler` takes a schedule for any number in a group."""
    from glideslope.torch import Scheduler

    optimizer = sgd(0.1, momentum=0.8, weight_decay=0.5)
    scheduler = Scheduler(optimizer, {"momentum": gs.LinearDecay(4), "weight_decay": gs.StepDecay(2)})
    run(scheduler, 2)
    assert [optimizer.param_groups[0][key] for key in ("lr", "momentum", "weight_decay")] == pytest.approx(
        [0.1, 0.4, 0.05]
    )


def test_resuming_with_another_length_is_silent_both_ways() -> None:
    """Here: `Scheduler` refuses and shows the difference, or a policy decides: mine, checkpoint, continue, stretch."""
    from glideslope.torch import Scheduler

    def torch_at_step_5(length: int) -> Any:
        scheduler = them.CosineAnnealingLR(sgd(), length)
        run(scheduler, 5)
        return scheduler

    resumed = them.CosineAnnealingLR(sgd(), 100)
    resumed.load_state_dict(torch_at_step_5(10).state_dict())
    assert resumed.T_max == 10  # torch: the length of the checkpoint, without a word

    old = Scheduler(sgd(), gs.CosineDecay(10))
    run(old, 5)
    new = Scheduler(sgd(), gs.CosineDecay(100))
    with pytest.raises(
        gs.ScheduleError, match=r"made with CosineDecay\(10\), and this scheduler has CosineDecay\(100\)"
    ):
        new.load_state_dict(old.state_dict())
    for policy, lr_then in (("mine", gs.CosineDecay(100)(5)), ("checkpoint", 0.5), ("continue", 0.5), ("stretch", 0.5)):
        new = Scheduler(sgd(), gs.CosineDecay(100), policy=policy)
        new.load_state_dict(old.state_dict())
        assert lr(new) == pytest.approx(0.1 * lr_then)
