"""A schedule over a run."""

import csv
import io
import json

import numpy as np
import pytest

import glideslope as gs

RUN = gs.Run(epochs=90, steps_per_epoch=500)


def test_the_values_are_base_lr_times_the_factor() -> None:
    trace = gs.trace(gs.MultiStepDecay(["30ep", "60ep"]), RUN, base_lr=0.1)
    assert trace.steps.tolist() == list(range(45_000))
    assert [trace.values[t] for t in (0, 14_999, 15_000, 30_000)] == pytest.approx([0.1, 0.1, 0.01, 0.001], rel=1e-12)
    assert trace.schedule == gs.MultiStepDecay([15_000, 30_000])


def test_several_groups_make_several_rows() -> None:
    trace = gs.trace(gs.StepDecay(2), gs.Run(steps=4), base_lr=[1.0, 0.5])
    assert trace.values.shape == (2, 4)
    assert trace.values[1].tolist() == pytest.approx([0.5, 0.5, 0.05, 0.05])
    assert trace.to_csv().splitlines()[0] == "step,lr_0,lr_1"


def test_csv_and_json_are_read_back_exactly() -> None:
    trace = gs.trace(gs.CosineDecay(7), gs.Run(steps=9), base_lr=0.3)
    rows = list(csv.DictReader(io.StringIO(trace.to_csv())))
    assert [float(row["lr"]) for row in rows] == trace.values.tolist()
    data = json.loads(trace.to_json())
    assert data["lr"] == trace.values.tolist()
    assert gs.parse(data["schedule"]) == gs.CosineDecay(7)


def test_a_run_on_the_wall_clock_is_traced_second_by_second() -> None:
    trace = gs.trace(gs.MultiStepDecay(["30s", "1min"]), gs.Run(wall="90s"), base_lr=0.1)
    assert trace.steps.tolist() == list(range(90))
    assert trace.values[[29, 30, 59, 60]] == pytest.approx([0.1, 0.01, 0.01, 0.001], rel=1e-12)


@pytest.mark.parametrize(
    ("run", "where"),
    [(gs.Run(steps=90), "step"), (gs.Run(epochs=90), "epoch"), (gs.Run(wall="90s"), "second")],
    ids=str,
)
def test_a_difference_is_told_in_what_the_run_counts(run: gs.Run, where: str) -> None:
    found = gs.trace(gs.StepDecay(30), run).difference(gs.trace(gs.Constant(), run))
    assert str(found) == f"these two differ first at {where} 30: 0.1 against 1"


def test_a_run_that_ends_earlier_is_told_by_the_second() -> None:
    short, long = (gs.trace(gs.Constant(), gs.Run(wall=wall)) for wall in ("1min", "2min"))
    assert str(short.difference(long)) == "these two differ first at second 60: the run has ended against 1"


def test_every_nth_step_is_enough_for_a_long_run() -> None:
    trace = gs.trace(gs.CosineDecay("100%"), gs.Run(steps=10**9), every=10**6)
    assert trace.steps[:3].tolist() == [0, 10**6, 2 * 10**6]
    assert len(trace.values) == 1000
    with pytest.raises(gs.ScheduleError, match="Take every n-th"):
        gs.trace(gs.CosineDecay("100%"), gs.Run(steps=10**9))


def test_the_difference_of_two_traces_is_said_in_a_sentence() -> None:
    a, b = (
        gs.trace(gs.MultiStepDecay(["60ep"]), RUN, base_lr=0.1),
        gs.trace(gs.MultiStepDecay(["60ep", "70ep"]), RUN, base_lr=0.1),
    )
    assert a.difference(a) is None
    assert str(a.difference(b)) == "these two differ first at step 35 000: 0.01 against 0.001"
    assert a.difference(b) == gs.Difference(35_000, 0, *(pytest.approx(v) for v in (0.01, 0.001)))


def test_a_longer_run_and_another_group_are_differences_too() -> None:
    short, long = gs.trace(gs.Constant(), gs.Run(steps=3)), gs.trace(gs.Constant(), gs.Run(steps=5))
    assert str(short.difference(long)) == "these two differ first at step 3: the run has ended against 1"
    assert str(long.difference(short)) == "these two differ first at step 3: 1 against the run has ended"
    a, b = (gs.trace(gs.Constant(), gs.Run(steps=3), base_lr=[1.0, lr]) for lr in (0.5, 0.25))
    assert str(a.difference(b)) == "these two differ first at step 0 in group 1: 0.5 against 0.25"
    with pytest.raises(gs.ScheduleError, match="same groups"):
        a.difference(short)
    with pytest.raises(gs.ScheduleError, match="be a Trace"):
        a.difference(np.zeros(3))  # type: ignore[arg-type]


@pytest.mark.parametrize("base_lr", [-0.1, float("nan"), "0.1", None, [0.1, -1.0], []])
def test_a_bad_base_lr_is_refused(base_lr: object) -> None:
    with pytest.raises(gs.ScheduleError, match="trace: `base_lr`"):
        gs.trace(gs.Constant(), RUN, base_lr=base_lr)  # type: ignore[arg-type]


def test_what_is_no_schedule_and_no_run_is_refused() -> None:
    with pytest.raises(gs.ScheduleError, match="trace: `schedule` must be a schedule"):
        gs.trace("StepDecay(3)", RUN)  # type: ignore[arg-type]
    with pytest.raises(gs.ScheduleError, match=r"must be a glideslope\.Run"):
        gs.trace(gs.Constant(), 100)  # type: ignore[arg-type]
