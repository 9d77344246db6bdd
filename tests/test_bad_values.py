"""Every parameter of every public class refuses what its declared constraint refuses, in one clear line."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

import glideslope as gs
from cases import CASES
from glideslope._check import (
    Constraint,
    Flag,
    ListOf,
    Maybe,
    Number,
    OneOf,
    OneOrEach,
    Pair,
    Parameter,
    Whole,
    parameters,
)
from glideslope.clock import Steps, WallTime
from glideslope.schedule import Child

NOT_NUMBERS = (None, "x", "", object(), math.nan, math.inf, -math.inf, 10**400, True, 1j, [], {}, torch.zeros(2))


def bad(constraint: Constraint) -> Iterator[Any]:
    """Values that a constraint must refuse, derived from its own declaration."""
    if isinstance(constraint, Number):
        yield from NOT_NUMBERS
        yield from (b for b in (constraint.gt, constraint.lt) if b is not None)
        yield from (b - 1e-9 for b in (constraint.gt, constraint.ge) if b is not None)
        yield from (b + 1e-9 for b in (constraint.lt, constraint.le) if b is not None)
    elif isinstance(constraint, (Whole, Steps)):
        yield from (*NOT_NUMBERS, 1.5, 2**53 + 2, 1e300, np.float64("nan"))
        if constraint.ge is not None:
            yield from (constraint.ge - 1, -3)
        if isinstance(constraint, Steps):
            yield from ("30", "30 epochs", "ep", "1e999ep", "30ep;", "nanep", "٣ep", "9" * 99 + "ep")
            if constraint.ge is not None:
                yield "-1ep"
    elif isinstance(constraint, WallTime):
        yield from (*NOT_NUMBERS, 6, 21600.0, "6", "h", "6 hours", "6ep", "10%", "0h", "-6h", "0.9s", "1e300h", "nanh")
        yield from (gs.Duration(6, "ep"), gs.Duration(-6, "h"), gs.Duration(0.5, "s"), ["6h"], b"6h")
    elif isinstance(constraint, OneOf):
        yield from (None, 1, "", "no such word", b"linear", [constraint.choices[0]])
    elif isinstance(constraint, Flag):
        yield from (None, 0, 1, "True", np.True_)
    elif isinstance(constraint, Child):
        yield from (None, 1.0, "StepDecay(30)", gs.StepDecay, [gs.Constant()])
    elif isinstance(constraint, ListOf):
        yield from (None, 5, "30ep", {}, {1, 2}, [], object())
        yield from ([each] for each in bad(constraint.item))
    elif isinstance(constraint, Pair):
        yield from (None, 5, (1,), (1, 2, 3), "ab")
        yield from ((each, 1.0) for each in bad(constraint.first))
        yield from ((1, each) for each in bad(constraint.second))
    elif isinstance(constraint, OneOrEach):
        yield from (each for each in bad(constraint.item) if each != [])
        yield from ([each] for each in bad(constraint.item))
    elif isinstance(constraint, Maybe):
        yield from (each for each in bad(constraint.item) if each is not None)
    else:
        raise AssertionError(f"no bad values for {constraint}")


EXAMPLES: dict[type, Any] = {type(case.schedule): case.schedule for case in CASES} | {gs.Run: gs.Run(epochs=9)}
FIELDS = [(cls, each) for cls in EXAMPLES for each in parameters(cls)]


@pytest.mark.parametrize(("cls", "field"), FIELDS, ids=lambda v: v.name if isinstance(v, Parameter) else v.__name__)
def test_every_bad_value_of_every_parameter_is_one_clear_error(cls: type, field: Parameter) -> None:
    good = {each.name: getattr(EXAMPLES[cls], each.name) for each in parameters(cls)}
    tried = 0
    for value in bad(field.constraint):
        with pytest.raises(gs.ScheduleError) as caught:
            cls(**{**good, field.name: value})
        message = str(caught.value)
        assert "must" in message
        assert "got" in message
        assert "\n" not in message
        assert field.name in message, f"{message} does not name the parameter (value {value!r})"
        tried += 1
    assert tried >= 5


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: gs.MultiStepDecay([-3]), "MultiStepDecay: `milestones` must be steps >= 1, got -3."),
        (lambda: gs.MultiStepDecay([60, 30]), "must be in increasing order, got [60, 30]"),
        (lambda: gs.MultiStepDecay([30, 60], gamma=[0.1]), "one factor for each of 2 milestones, got [0.1]"),
        (lambda: gs.PiecewiseConstant([10, 10], [1, 2, 3]), "must be strictly increasing, got [10, 10]"),
        (
            lambda: gs.PiecewiseConstant([10], [1.0, 0.5, 0.1]),
            "`factors` must have one more item than the 1 milestones",
        ),
        (lambda: gs.PiecewiseLinear([(5, 1.0), (5, 0.5)]), "must be strictly increasing"),
        (lambda: gs.PiecewiseLinear([(5, 1.0)]), "must have at least 2 items"),
        (lambda: gs.WarmupStableDecay(100, 60, 50), "must hold `warmup_steps` + `decay_steps` = 110, got 100"),
        (lambda: gs.WarmupStableDecay(100, 0, 50, shape="exponential"), "must be > 0 for an exponential fall"),
        (lambda: gs.OneCycle(100, pct_start=0.6, three_phase=True), "must be at most 0.5 with three phases"),
        (lambda: gs.Constant().warmup(5, start_factor=0.0, shape="exponential"), "must be > 0 for an exponential rise"),
        (lambda: gs.Constant().clip(), "must have `low` or `high`"),
        (lambda: gs.Constant().clip(low=0.5, high=0.1), "`low` must be <= high = 0.1, got 0.5"),
        (lambda: gs.Constant().cooldown(5, 5, shape="exponential"), "must be > 0 for an exponential fall"),
        (
            lambda: gs.LinearDecay(3).cooldown(5, 5, 0.1, shape="exponential"),
            "must be > 0 where an exponential fall begins, got 0.0",
        ),
        (lambda: gs.Constant().hold(0.5, start=5, stop=5), "`stop` must be > start = 5, got 5"),
        (lambda: gs.sequence([gs.Constant()], []), "sequence: `schedules` must have at least 2 items"),
        (lambda: gs.Duration.parse(3), "Duration must be a number and a unit"),
        (lambda: gs.sequence([gs.Constant(), gs.Constant()], [5, 9]), "one item fewer than the 2 schedules"),
        (lambda: gs.sequence([gs.Constant()] * 3, [9, 5]), "must be strictly increasing, got [9, 5]"),
        (lambda: gs.Constant() * -1, "`*` must have a schedule or a number >= 0 on either side of it, got -1"),
        (lambda: gs.Constant() * "2", "on either side of it, got '2'"),
        (lambda: gs.StepDecay("30epochs"), "got '30epochs'. Did you mean `ep`?"),
    ],
)
def test_rules_between_fields_say_what_must_hold(make: Any, words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "t",
    [-1, -0.5, math.nan, math.inf, 2**53 + 2, 10**400, None, "3", [1, 2], (1,), range(3), True, 1j, np.array([-1]),
     np.array([0, math.nan]), np.array(["a"]), np.array([True]), np.array([1j]), torch.tensor([True]), np.float64("nan")],
    ids=repr,
)  # fmt: skip
def test_a_time_that_is_none_is_refused(t: Any) -> None:
    with pytest.raises(gs.ScheduleError, match="`t` must be"):
        gs.StepDecay(30)(t)


@pytest.mark.parametrize("t", [np.int64(60), np.float32(60), np.array(60), np.uint8(60)], ids=repr)
def test_a_numpy_number_is_a_number(t: Any) -> None:
    assert gs.StepDecay(30, gamma=0.5)(t) == 0.25
    assert type(gs.StepDecay(30)(t)) is float


def test_a_schedule_that_waits_for_a_run_says_so() -> None:
    s = gs.StepDecay("30ep").warmup("5%")
    for read in (lambda: s(0), lambda: s(np.arange(3)), lambda: s.horizon, lambda: s.changes(0, 9)):
        with pytest.raises(gs.ScheduleError, match=r"must be resolved against a run .*got '30ep' in StepDecay"):
            read()


def test_bounds_of_a_window_are_checked() -> None:
    for start, stop in ((-1, 5), (5, 1), (0.5, 3), (0, None)):
        with pytest.raises(gs.ScheduleError, match="changes"):
            gs.StepDecay(3).changes(start, stop)  # type: ignore[arg-type]
