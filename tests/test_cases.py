"""What every row of the table must do."""

import copy
import json
import math
import pickle

import numpy as np
import pytest
import torch

import glideslope as gs
from cases import CASES, Case, N
from glideslope._check import parameters
from glideslope.combine import FUNCTIONS, METHODS, Clip

pytestmark = pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.schedule)[:70])
STEPS = range(N)


def test_agrees_with_the_oracle_at_every_step(case: Case) -> None:
    expected = case.oracle()
    assert len(expected) == N
    assert [case.schedule(t) for t in STEPS] == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_number_an_array_and_a_tensor_give_the_same_values(case: Case) -> None:
    scalars = [case.schedule(t) for t in STEPS]
    assert all(type(value) is float for value in scalars)
    array = case.schedule(np.arange(N))
    assert array.dtype == np.float64
    assert array.tolist() == pytest.approx(scalars, rel=1e-14, abs=1e-300)
    tensor = case.schedule(torch.arange(N))
    assert tensor.dtype == torch.float64
    assert tensor.tolist() == pytest.approx(scalars, rel=1e-14, abs=1e-16)


def test_an_array_keeps_its_shape_and_its_order(case: Case) -> None:
    t = np.array([[99, 0, 7], [30, 29, 31]])
    assert case.schedule(t).tolist() == case.schedule(np.arange(N))[t].tolist()
    assert case.schedule(torch.tensor(7)).shape == ()
    assert case.schedule(np.empty((0, 3))).shape == (0, 3)


def test_fractions_of_a_step_lie_between_their_neighbours_or_on_the_stair(case: Case) -> None:
    t = np.arange(0, 60, 0.25)
    assert case.schedule(t).tolist() == pytest.approx([case.schedule(float(x)) for x in t], rel=1e-14, abs=1e-300)


def test_is_a_value(case: Case) -> None:
    s = case.schedule
    for twin in (pickle.loads(pickle.dumps(s)), copy.deepcopy(s), gs.parse(repr(s)), eval_free_dict_round_trip(s)):
        assert twin == s
        assert hash(twin) == hash(s)
        assert [twin(t) for t in STEPS] == [s(t) for t in STEPS]
    with pytest.raises(AttributeError):
        setattr(s, parameters(type(s))[0].name, 1)


def eval_free_dict_round_trip(s: gs.Schedule) -> gs.Schedule:
    return gs.from_dict(json.loads(json.dumps(gs.to_dict(s))))


def test_the_horizon_is_the_last_step_that_says_something_new(case: Case) -> None:
    s, h = case.schedule, case.schedule.horizon
    if h is None:  # a clipped schedule cannot know that it has met its bound for good
        assert len({s(t) for t in range(N - 40, N)}) > 1 or isinstance(s, Clip)
    else:
        assert {s(h + k) for k in (0, 1, 2, 1000, 10**9)} == {s(h)}
        assert h == 0 or s(h) != s(h - 1)


def test_changes_are_exactly_the_steps_that_differ_from_the_one_before(case: Case) -> None:
    s = case.schedule
    real = [t for t in range(1, N) if s(t) != s(t - 1)]
    for start, stop in ((0, N), (0, 0), (29, 31), (30, 90), (100, N)):
        found = s.changes(start, stop)
        inside = [t for t in real if start <= t < stop]
        assert list(found) == inside if found is not None else inside


def test_no_factor_is_negative_infinite_or_a_nan_however_long_the_run(case: Case) -> None:
    for t in (0, 1, 10**6, 10**12, 2**53):
        assert case.schedule(t) >= 0
    growing = isinstance(case.schedule, gs.StepDecay) and case.schedule.gamma > 1
    assert growing or math.isfinite(case.schedule(2**53))


def test_the_class_is_documented_where_it_is_declared(case: Case) -> None:
    doc = type(case.schedule).__doc__ or ""
    for word in ("Raises", "torch:", "Source:", ">>>"):
        assert word in doc
    assert all(each.doc for each in parameters(type(case.schedule)))


def test_every_shape_and_every_combination_has_a_row(case: Case) -> None:
    rows = {type(each.schedule) for each in CASES}
    assert rows >= {*gs.CATALOGUE.values(), *METHODS.values(), *FUNCTIONS.values()}
