"""Durations, runs, and what becomes of units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import glideslope as gs
from glideslope.clock import UNITS


@pytest.mark.parametrize(
    ("run", "text", "steps"),
    [
        (gs.Run(epochs=90, steps_per_epoch=5004), "30ep", 150_120),
        (gs.Run(epochs=90, steps_per_epoch=5004), "0.5ep", 2502),
        (gs.Run(epochs=90, steps_per_epoch=5004), "500st", 500),
        (gs.Run(epochs=90, steps_per_epoch=5004), "10%", 45_036),
        (gs.Run(epochs=90, steps_per_epoch=5004, samples_per_step=256), "1e6sa", 3906),
        (gs.Run(steps=1000, tokens_per_step=2_000_000), "2e9tok", 1000),
        (gs.Run(epochs=90), "30ep", 30),
        (gs.Run(epochs=90), "50%", 45),
        (gs.Run(epochs=90, steps_per_epoch=5004, per="epoch"), "30ep", 30),
        (gs.Run(epochs=90, steps_per_epoch=500, per="epoch"), "1500st", 3),
        (gs.Run(epochs=90, steps_per_epoch=500, per="epoch", samples_per_step=10), "15000sa", 3),
        (gs.Run(epochs=10, steps_per_epoch=10, accumulate=4), "1ep", 3),  # 10 batches: 4 + 4 + 2
        (gs.Run(epochs=10, steps_per_epoch=8, accumulate=4, samples_per_step=32), "1280sa", 10),
        (gs.Run(steps=1005), "10%", 101),  # 100.5: the nearer, and up when both are as near
        (gs.Run(steps=1000), 7, 7),
    ],
    ids=str,
)
def test_a_duration_becomes_steps_of_the_run(run: gs.Run, text: str, steps: int) -> None:
    assert run.count(text) == steps


@pytest.mark.parametrize(
    ("run", "total"),
    [
        (gs.Run(epochs=90, steps_per_epoch=5004), 450_360),
        (gs.Run(epochs=90, steps_per_epoch=5004, accumulate=4), 112_590),
        (gs.Run(epochs=10, steps_per_epoch=10, accumulate=4), 30),
        (gs.Run(epochs=90), 90),
        (gs.Run(epochs=90, steps_per_epoch=5004, per="epoch"), 90),
        (gs.Run(steps=123), 123),
    ],
    ids=str,
)
def test_a_run_knows_how_often_its_scheduler_is_advanced(run: gs.Run, total: int) -> None:
    assert run.total_steps == total


@pytest.mark.parametrize(
    ("run", "text", "words"),
    [
        (gs.Run(steps=100), "1ep", "`steps_per_epoch` must be given to turn '1ep' (epochs) into steps"),
        (gs.Run(epochs=9), "5st", "`steps_per_epoch` must be given"),
        (gs.Run(epochs=9, steps_per_epoch=3), "5sa", "`samples_per_step` must be given"),
        (gs.Run(epochs=9, steps_per_epoch=3), "5tok", "`tokens_per_step` must be given"),
    ],
)
def test_a_unit_the_run_does_not_know_is_named(run: gs.Run, text: str, words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        gs.StepDecay(text).resolve(run)
    assert words in str(caught.value)
    assert "StepDecay" in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "`epochs` or `steps`, one of the two; got neither"),
        ({"epochs": 3, "steps": 3}, "got both"),
        ({"steps": 3, "per": "epoch"}, "must come with `epochs`"),
        ({"epochs": 3, "accumulate": 2}, "`accumulate` must come with `steps_per_epoch`"),
        ({"epochs": 2**40, "steps_per_epoch": 2**40}, "at most 2**53 steps long"),
    ],
)
def test_a_run_that_cannot_be_is_refused(arguments: dict[str, int], words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        gs.Run(**arguments)
    assert words in str(caught.value)


def test_units_are_resolved_everywhere_in_a_schedule_and_once() -> None:
    run = gs.Run(epochs=10, steps_per_epoch=100)
    s = gs.sequence([gs.Constant(), gs.MultiStepDecay(["2ep", "50%"]) * gs.LinearDecay("100%")], ["1ep"]).warmup("50st")
    done = s.resolve(run)
    assert repr(done) == (
        "sequence([Constant(1.0), MultiStepDecay([200, 500], gamma=0.1) * LinearDecay(1000)], milestones=[100]).warmup(50)"
    )
    assert done.resolve(gs.Run(steps=5)) is done
    assert gs.parse(repr(s)) == s


def test_a_duration_that_comes_to_no_step_names_the_schedule_and_the_run() -> None:
    with pytest.raises(gs.ScheduleError, match=r"`step_size` must be steps >= 1, got 0.*'0.001ep'.*against 100 steps"):
        gs.StepDecay("0.001ep").resolve(gs.Run(epochs=10, steps_per_epoch=10))
    with pytest.raises(gs.ScheduleError, match="be a glideslope.Run"):
        gs.StepDecay("1ep").resolve(100)  # type: ignore[arg-type]


def test_milestones_in_several_units_are_put_in_order_by_the_run_alone() -> None:
    s = gs.MultiStepDecay(["500st", "1ep"])
    assert s.resolve(gs.Run(epochs=3, steps_per_epoch=600)) == gs.MultiStepDecay([500, 600])
    with pytest.raises(gs.ScheduleError, match=r"increasing order, got \[500, 400\]"):
        s.resolve(gs.Run(epochs=3, steps_per_epoch=400))


@given(st.one_of(st.integers(1, 10**15), st.floats(1e-6, 1e15)), st.sampled_from(sorted(UNITS)))
def test_a_duration_is_read_back_from_its_text(value: float, unit: str) -> None:
    d = gs.Duration(value, unit)
    assert gs.Duration.parse(str(d)) == d


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1e6sa", "1e6sa"), ("2e9tok", "2e9tok"), ("30.0ep", "30ep"), ("2.5%", "2.5%"), (" 3 ep ", "3ep")],
)
def test_a_duration_is_shown_as_people_write_it(text: str, shown: str) -> None:
    assert str(gs.Duration.parse(text)) == shown


def test_a_bad_duration_is_refused() -> None:
    for value, unit in ((float("nan"), "ep"), (1, "epochs"), (True, "ep"), ("3", "ep")):
        with pytest.raises(gs.ScheduleError, match="Duration"):
            gs.Duration(value, unit)  # type: ignore[arg-type]
