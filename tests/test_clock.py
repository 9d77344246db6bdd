"""Durations, runs, and what becomes of units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import glideslope as gs
from glideslope.clock import SECONDS, UNITS


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
        (gs.Run(epochs=10, steps_per_epoch=10, processes=4), "1ep", 3),  # 10 batches among 4: 3 + 3 + 2 + 2
        (gs.Run(epochs=10, steps_per_epoch=8, processes=4, samples_per_step=32), "1280sa", 10),
        (gs.Run(steps=100, accumulate=2, processes=4, tokens_per_step=1000), "8e5tok", 100),
        (gs.Run(epochs=9, steps_per_epoch=8, processes=2, per="epoch"), "12st", 3),
        (gs.Run(wall="6h"), "10%", 2160),
        (gs.Run(wall="6h"), "30min", 1800),
        (gs.Run(wall="6h"), "1.5h", 5400),
        (gs.Run(wall="6h"), "90.5s", 91),
        (gs.Run(wall="6h"), 60, 60),
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
        (gs.Run(steps=123, processes=8), 123),  # optimizer steps, however many processes make one
        (gs.Run(epochs=10, steps_per_epoch=1000, processes=8), 1250),
        (gs.Run(epochs=10, steps_per_epoch=1000, processes=8, accumulate=3), 420),
        (gs.Run(epochs=10, steps_per_epoch=1000, processes=8, per="epoch"), 10),
        (gs.Run(wall="6h"), 21_600),
        (gs.Run(wall="1.5s"), 2),
        (gs.Run(wall=gs.Duration(90, "min")), 5400),
    ],
    ids=str,
)
def test_a_run_knows_how_often_its_scheduler_is_advanced(run: gs.Run, total: int) -> None:
    assert run.total_steps == total


@pytest.mark.parametrize(
    ("run", "unit"),
    [
        (gs.Run(epochs=90), "epoch"),
        (gs.Run(epochs=90, steps_per_epoch=500, per="epoch"), "epoch"),
        (gs.Run(epochs=90, steps_per_epoch=500), "step"),
        (gs.Run(steps=90), "step"),
        (gs.Run(wall="90s"), "second"),
    ],
    ids=str,
)
def test_a_run_says_what_it_counts(run: gs.Run, unit: str) -> None:
    assert run.unit == unit


@pytest.mark.parametrize(
    ("run", "text", "words"),
    [
        (gs.Run(steps=100), "1ep", "`steps_per_epoch` must be given to turn '1ep' (epochs) into steps"),
        (gs.Run(epochs=9), "5st", "`steps_per_epoch` must be given to turn '5st' (steps) into epochs"),
        (gs.Run(epochs=9, steps_per_epoch=3), "5sa", "`samples_per_step` must be given"),
        (gs.Run(epochs=9, steps_per_epoch=3), "5tok", "`tokens_per_step` must be given"),
        (
            gs.Run(epochs=9),
            "6h",
            "`wall` must be given instead of `epochs` to turn '6h' (hours) into seconds, got epochs=9",
        ),
        (gs.Run(steps=9), "6min", "`wall` must be given instead of `steps` to turn '6min' (minutes) into seconds"),
        (
            gs.Run(wall="6h"),
            "5ep",
            "`epochs` must be given instead of `wall` to turn '5ep' (epochs) into steps, got wall=6h",
        ),
        (gs.Run(wall="6h"), "5st", "`steps` must be given instead of `wall` to turn '5st' (steps) into steps"),
        (gs.Run(wall="6h"), "5sa", "`steps` must be given instead of `wall` to turn '5sa' (samples) into steps"),
        (gs.Run(wall="6h"), "5tok", "`steps` must be given instead of `wall` to turn '5tok' (tokens) into steps"),
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
        ({}, "Run must have one of `epochs`, `steps` and `wall`; got none."),
        ({"epochs": 3, "steps": 3}, "got `epochs` and `steps`."),
        ({"epochs": 3, "wall": "6h"}, "got `epochs` and `wall`."),
        ({"epochs": 3, "steps": 3, "wall": "6h"}, "got `epochs` and `steps` and `wall`."),
        ({"wall": "6ep"}, "`wall` must be a time of at least 1s in h, min or s, such as \"6h\", or None, got '6ep'."),
        ({"wall": "6h", "steps_per_epoch": 9}, "`steps_per_epoch` must come with `epochs` or `steps`; got `wall`"),
        ({"wall": "6h", "accumulate": 2}, "`accumulate` must come with `epochs` or `steps`; got `wall`"),
        ({"wall": "6h", "processes": 2}, "`processes` must come with `epochs` or `steps`; got `wall`"),
        ({"wall": "6h", "samples_per_step": 9}, "`samples_per_step` must come with `epochs` or `steps`; got `wall`"),
        ({"wall": "6h", "tokens_per_step": 9}, "`tokens_per_step` must come with `epochs` or `steps`; got `wall`"),
        ({"wall": "6h", "per": "epoch"}, "`per` must come with `epochs` or `steps`; got `wall`"),
        ({"steps": 3, "per": "epoch"}, "must come with `epochs`"),
        ({"epochs": 3, "accumulate": 2}, "`accumulate` must come with `steps_per_epoch`"),
        ({"epochs": 3, "processes": 2}, "`processes` must come with `steps_per_epoch`"),
        ({"epochs": 2**40, "steps_per_epoch": 2**40}, "at most 2**53 steps long"),
    ],
)
def test_a_run_that_cannot_be_is_refused(arguments: dict[str, int], words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        gs.Run(**arguments)
    assert words in str(caught.value)


# -- the wall clock ----------------------------------------------------------------------------------------------------

quarters = st.integers(4, 4 * 10**6).map(lambda n: n / 4)
whole = st.integers(1, 10**9)


@given(quarters)
def test_an_hour_is_sixty_minutes_and_a_minute_sixty_seconds(hours: float) -> None:
    same = [gs.Duration(hours, "h"), gs.Duration(60 * hours, "min"), gs.Duration(3600 * hours, "s")]
    assert len({gs.Run(wall=each).total_steps for each in same}) == 1
    assert len({gs.Run(wall="6h").count(each) for each in same}) == 1


@given(st.floats(1, 1e6), st.sampled_from(sorted(SECONDS)))
def test_a_run_lasts_as_long_as_its_wall_says_and_as_all_of_itself(value: float, unit: str) -> None:
    run = gs.Run(wall=gs.Duration(value, unit))
    assert run.count(f"{value!r}{unit}") == run.count("100%") == run.total_steps >= 1
    assert abs(run.total_steps - value * SECONDS[unit]) <= 0.5


@given(st.integers(1, 10**6), quarters)
def test_a_curve_over_a_part_of_the_run_does_not_know_what_time_is_counted_in(steps: int, percent: float) -> None:
    by_steps, by_clock = gs.Run(steps=steps), gs.Run(wall=f"{steps}s")
    assert by_clock.count(f"{percent}%") == by_steps.count(f"{percent}%")
    s = gs.CosineDecay("100%")
    assert s.resolve(by_clock) == s.resolve(by_steps)


def test_wall_time_is_stored_as_a_duration_however_it_was_written() -> None:
    assert gs.Run(wall="6h") == gs.Run(wall=gs.Duration(6, "h")) == gs.Run(wall=" 6.0 h")
    assert gs.Run(wall="6h").wall == gs.Duration(6, "h")


def test_a_schedule_of_hours_is_resolved_to_seconds_and_reads_back() -> None:
    s = gs.MultiStepDecay(["2h", "4h"]).warmup("10min", start_factor=0.1) * gs.CosineDecay("100%")
    assert repr(s).startswith("MultiStepDecay(['2h', '4h'], gamma=0.1).warmup('10min', start_factor=0.1)")
    assert gs.parse(repr(s)) == s == gs.from_dict(gs.to_dict(s))
    assert repr(s.resolve(gs.Run(wall="6h"))) == (
        "MultiStepDecay([7200, 14400], gamma=0.1).warmup(600, start_factor=0.1) * CosineDecay(21600)"
    )


def test_a_duration_beyond_all_numbers_is_refused() -> None:
    for run, text in ((gs.Run(wall="6h"), "1e308h"), (gs.Run(epochs=9, steps_per_epoch=9), "1e308ep")):
        with pytest.raises(gs.ScheduleError, match=r"`duration` must be at most 2\*\*53 steps"):
            run.count(text)


# -- processes ---------------------------------------------------------------------------------------------------------

few = st.integers(1, 64)


@given(few, st.integers(1, 5000), few, few, st.sampled_from(["3ep", "7st", "5e5sa", "2e6tok", "12.5%"]))
def test_processes_and_accumulation_make_one_big_batch(
    epochs: int, batches: int, accumulate: int, processes: int, text: str
) -> None:
    same = {"epochs": epochs, "steps_per_epoch": batches, "samples_per_step": 32, "tokens_per_step": 4096}
    run = gs.Run(accumulate=accumulate, processes=processes, **same)
    assert run.total_steps == gs.Run(accumulate=accumulate * processes, **same).total_steps
    assert run.total_steps == gs.Run(processes=accumulate * processes, **same).total_steps
    assert run.count(text) == gs.Run(accumulate=accumulate * processes, **same).count(text)


@given(few, st.integers(1, 5000), few, few)
def test_a_process_makes_as_many_updates_as_its_share_of_the_loader_has(
    epochs: int, batches: int, accumulate: int, processes: int
) -> None:
    share = len(range(0, batches, processes))  # of the process that gets the first batch
    whole_loader = gs.Run(epochs=epochs, steps_per_epoch=batches, accumulate=accumulate, processes=processes)
    own_loader = gs.Run(epochs=epochs, steps_per_epoch=share, accumulate=accumulate)
    assert whole_loader.total_steps == own_loader.total_steps


@given(few, few, st.integers(1, 10**7))
def test_a_sample_counts_the_same_in_the_whole_loader_and_in_a_share(
    processes: int, batches: int, samples: int
) -> None:
    whole_loader = gs.Run(epochs=3, steps_per_epoch=batches * processes, processes=processes, samples_per_step=32)
    own_loader = gs.Run(epochs=3, steps_per_epoch=batches, samples_per_step=32 * processes)
    assert whole_loader.count(f"{samples}sa") == own_loader.count(f"{samples}sa")


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
