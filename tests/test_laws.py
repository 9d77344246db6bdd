"""Laws that hold for all schedules, tried on random ones."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glideslope as gs

steps = st.integers(1, 60)
factors = st.floats(0.01, 2.0)
times = st.integers(0, 400)

shapes = st.one_of(
    st.builds(gs.Constant, factors),
    st.builds(gs.StepDecay, steps, factors),
    st.builds(gs.MultiStepDecay, st.lists(steps, min_size=1, max_size=5).map(sorted), factors),
    st.builds(gs.ExponentialDecay, st.floats(0.9, 1.0)),
    st.builds(gs.LinearDecay, steps, factors),
    st.builds(gs.CosineDecay, steps, factors),
    st.builds(gs.CosineWave, steps, factors),
    st.builds(gs.CosineRestarts, steps, st.integers(1, 3), st.floats(0, 1)),
    st.builds(gs.InverseSqrtDecay, steps),
    st.builds(gs.OneCycle, steps, st.floats(0, 1), st.sampled_from(["cos", "linear"])),
    st.builds(gs.Triangular, steps, steps, st.floats(0, 1)),
    st.builds(
        gs.PiecewiseLinear, st.dictionaries(steps, factors, min_size=2, max_size=5).map(lambda d: sorted(d.items()))
    ),
    st.builds(gs.Rex, steps, factors),
)


def combined(inner: st.SearchStrategy[gs.Schedule]) -> st.SearchStrategy[gs.Schedule]:
    return st.one_of(
        st.builds(
            lambda s, n, f, shape: s.warmup(n, f, shape),
            inner,
            steps,
            factors,
            st.sampled_from(["linear", "cosine", "exponential"]),
        ),
        st.builds(lambda s, low: s.clip(low=low), inner, st.floats(0, 1)),
        st.builds(lambda s, n, k: s.repeat(n, k), inner, steps, st.none() | st.integers(1, 4)),
        st.builds(lambda s, by: s.stretch(by), inner, st.sampled_from([0.1, 0.5, 1 / 3, 2.0, 7.0, 1.7])),
        st.builds(lambda s, n: s.shift(n), inner, st.integers(-40, 40)),
        st.builds(lambda a, b: a * b, inner, inner | factors),
        st.builds(lambda a, b, n: gs.sequence([a, b], [n]), inner, inner, steps),
    )


schedules = st.recursive(shapes, combined, max_leaves=5)


@given(schedules)
def test_the_repr_is_the_spec(s: gs.Schedule) -> None:
    assert gs.parse(repr(s)) == s
    assert gs.from_dict(gs.to_dict(s)) == s


@given(schedules)
def test_an_array_is_the_scalars_in_a_row(s: gs.Schedule) -> None:
    values = s(np.arange(300))
    assert values.tolist() == pytest.approx([s(t) for t in range(300)], rel=1e-12, abs=1e-14)
    assert (values >= 0).all()


@given(schedules, st.integers(0, 150), st.integers(0, 150))
def test_changes_are_honest(s: gs.Schedule, start: int, length: int) -> None:
    stop = start + length
    found = s.changes(start, stop)
    if found is not None:
        assert list(found) == [t for t in range(max(1, start), stop) if s(t) != s(t - 1)]


@given(schedules)
def test_nothing_new_is_said_after_the_horizon(s: gs.Schedule) -> None:
    h = s.horizon
    if h is not None:
        assert {s(h + k) for k in (1, 2, 17, 10**6)} == {s(h)}


@given(schedules, schedules, schedules, steps, steps)
def test_a_sequence_in_a_sequence_is_flat(a: gs.Schedule, b: gs.Schedule, c: gs.Schedule, m: int, n: int) -> None:
    flat = gs.sequence([a, b, c], [m, m + n])
    left, right = gs.sequence([gs.sequence([a, b], [m]), c], [m + n]), gs.sequence([a, gs.sequence([b, c], [n])], [m])
    t = np.arange(200)
    assert left(t).tolist() == right(t).tolist() == flat(t).tolist()
    if not any("sequence" in repr(part) for part in (a, b, c)):  # a part that outlasts its window stays as written
        assert left == right == flat


@given(schedules, schedules, steps, times)
def test_each_part_of_a_sequence_starts_its_own_time(a: gs.Schedule, b: gs.Schedule, m: int, t: int) -> None:
    assert gs.sequence([a, b], [m])(t) == (a(t) if t < m else b(t - m))


@given(schedules, schedules, times)
def test_a_product_multiplies_in_any_order(a: gs.Schedule, b: gs.Schedule, t: int) -> None:
    assert (a * b)(t) == pytest.approx(a(t) * b(t), rel=1e-12, abs=1e-300)
    assert (a * b)(t) == pytest.approx((b * a)(t), rel=1e-12, abs=1e-300)
    assert (a * 0.5)(t) == (0.5 * a)(t) == (np.float64(0.5) * a)(t) == pytest.approx(a(t) / 2, rel=1e-12, abs=1e-300)


@given(schedules, steps, times)
def test_a_warmup_lies_over_the_schedule_and_moves_nothing(s: gs.Schedule, n: int, t: int) -> None:
    warm = s.warmup(n, start_factor=0.5)
    assert warm(t) == (s(t) if t >= n else pytest.approx(s(t) * (0.5 + 0.5 * t / n), rel=1e-12))


@given(schedules, st.integers(1, 9), times)
def test_stretching_scales_time(s: gs.Schedule, by: int, t: int) -> None:
    assert s.stretch(by)(by * t) == s(t)
    assert s.stretch(1)(t) == s(t)
    assert s.stretch(by).stretch(1 / by)(t) == pytest.approx(s(t), rel=1e-9, abs=1e-12)


@given(st.lists(steps, min_size=1, max_size=6).map(sorted), st.integers(1, 1000), st.integers(1, 1000))
def test_a_stretched_milestone_lies_at_the_stretched_step(milestones: list[int], above: int, below: int) -> None:
    by = above / below
    found = gs.MultiStepDecay(milestones, gamma=0.5).stretch(by).changes(0, 10**6)
    assert found is not None
    # the same in exact fractions: the first step at or after milestone * by
    assert set(found) == {-(-m * above // below) for m in milestones}


@given(schedules, st.integers(0, 100), times)
def test_shifting_there_and_back(s: gs.Schedule, n: int, t: int) -> None:
    assert s.shift(n)(t + n) == s(t)
    assert s.shift(n).shift(-n)(t) == s(t)
    assert s.shift(n)(n // 2) == s(0)


@given(schedules, steps, st.integers(1, 4), times)
def test_a_repeated_schedule_starts_again(s: gs.Schedule, every: int, n: int, t: int) -> None:
    assert s.repeat(every)(t) == s(t % every)
    turn = min(t // every, n - 1)
    assert s.repeat(every, times=n)(t) == s(t - turn * every)


@settings(max_examples=300)
@given(st.integers(1, 50), st.integers(1, 5), st.integers(0, 30))
def test_a_restart_is_exact_however_far(period: int, mult: int, cycle: int) -> None:
    restart = period * (mult**cycle - 1) // (mult - 1) if mult > 1 else period * cycle
    length = period * mult**cycle
    if restart + length <= 2**53:
        s = gs.CosineRestarts(period, t_mult=mult)
        assert s(restart) == 1.0
        assert s(restart + length // 2) == pytest.approx((1 + math.cos(math.pi * (length // 2) / length)) / 2, abs=1e-9)


@given(st.integers(1, 1000), st.floats(0, 1), st.sampled_from(["cos", "linear"]))
def test_one_cycle_ends_at_its_last_step_and_stays_there(n: int, pct: float, anneal: str) -> None:
    s = gs.OneCycle(n, pct_start=pct, anneal=anneal)
    values = s(np.arange(n + 50))
    assert np.isfinite(values).all()
    assert (values > 0).all()
    assert values.max() <= 1.0
    assert len(set(values[n - 1 :].tolist())) == 1
