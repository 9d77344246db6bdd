"""Plans: what is read from the command, what is refused, and how two plans are told apart."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glideslope import MultiStepDecay, ScheduleError, StepDecay
from glideslope.lab.early_stop import EarlyStop
from glideslope.lab.plan import Cell, Entry, Plan, difference, fingerprint
from glideslope.lab.probe import probe
from glideslope.lab.task import TaskFile
from glideslope.lab.vision import ImageSource
from test_lab_task import tiny

DIGITS = ImageSource("digits", 100)


def plan(*entries: str, **more: Any) -> Plan:
    return Plan(tuple(map(Entry.parse, entries)), more.pop("source", DIGITS), **more)


def test_an_entry_is_a_name_a_schedule_and_perhaps_an_optimizer() -> None:
    assert Entry.parse("step=StepDecay('5ep')") == Entry("step", StepDecay("5ep"))
    own = Entry.parse(" a.b-c_1 = MultiStepDecay([3], gamma=0.5) @ AdamW(lr=0.001) ")
    assert own == Entry("a.b-c_1", MultiStepDecay([3], gamma=0.5), "AdamW(lr=0.001)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("StepDecay(5, gamma=0.1)", "compare: an entry must be name=SCHEDULE, such as \"step=StepDecay('5ep')\", got "),
        ("", "compare: an entry must be name=SCHEDULE"),
        ("=Constant()", "compare: the name of an entry must be 1 to 40 letters, digits, `.`, `_` and `-`"),
        ("a/b=Constant()", "compare: the name of an entry must be"),
        ("..=Constant()", "compare: the name of an entry must be"),
        ("x" * 41 + "=Constant()", "compare: the name of an entry must be"),
        ("a=StepDekay(5)", "a: parse: column 1 must be a shape of the catalogue, got 'StepDekay'. Did you mean `StepDecay`?"),
        ("a=StepDecay(-1)", "a: StepDecay: `step_size` must be steps >= 1, got -1."),
        ("a=", "a: parse: "),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(ScheduleError, match="^" + re.escape(message)):
        Entry.parse(text)


@pytest.mark.parametrize(
    ("entries", "more", "message"),
    [
        ([], {}, "compare must be given at least one name=SCHEDULE, got none."),
        (["a=Constant()", "A=Constant()"], {}, "compare must have one entry of each name, got 'a twice'."),
        (["a=Constant()"], {"seeds": 0}, "compare: `--seeds` must be a whole number >= 1, got 0."),
        (["a=Constant()"], {"epochs": -3}, "compare: `--epochs` must be a whole number >= 1, got -3."),
        (["a=Constant()"], {"per": "batch"}, 'compare: `--per` must be one of "step", "epoch", got \'batch\'.'),
        (["a=Constant()", "b=Constant()"], {"seeds": 5001}, "compare must have at most 10000 cells (schedules x seeds), got 2 x 5001."),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(entries: list[str], more: dict[str, Any], message: str) -> None:
    with pytest.raises(ScheduleError, match="^" + re.escape(message) + "$"):
        plan(*entries, **more)


@pytest.mark.parametrize(
    ("entry", "more", "message"),
    [
        ("a=StepDecay('5tok')", {}, "a: Run: `tokens_per_step` must be given to turn '5tok' (tokens) into steps, got None."),
        ("a=Constant() @ SDG()", {}, "--optimizer must name a class of torch.optim, got 'SDG'. Did you mean `SGD`?"),
        ("a=Constant()", {"optimizer": "SGD(lr=-1)"}, "--optimizer: SGD(lr=-1) must be as torch.optim.SGD takes it"),
        ("a=Constant()", {"optimizer": "Muon()"}, "--optimizer: Muon() must be as torch.optim.Muon takes it"),
    ],
)  # fmt: skip
def test_what_shows_only_on_the_model_is_refused_before_anything_is_trained(
    entry: str, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScheduleError, match="^" + re.escape(message)):
        probe(plan(entry, **more))


def test_the_probe_tells_how_results_are_to_be_read() -> None:
    facts = probe(plan("a=Constant()", "b=StepDecay('50%') @ Adam(lr=0.5)", epochs=4))
    assert (facts.metric, facts.mode, facts.unit, facts.steps_per_epoch) == ("accuracy", "max", "%", 15)
    assert facts.optimizers == {
        "a": ("SGD(lr=0.1, momentum=0.9, weight_decay=0.0005)", 0.1),
        "b": ("Adam(lr=0.5)", 0.5),
    }


def test_a_plan_is_itself_and_its_json() -> None:
    one = plan("a=Constant()", "b=StepDecay('5ep')", early_stop=EarlyStop(3))
    again = json.loads(json.dumps(one.identity()))
    assert difference(again, one.identity()) == []
    assert fingerprint(again) == fingerprint(one.identity())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"epochs": 20}, ["epochs was 15, is 20"]),
        ({"seeds": 5, "per": "epoch"}, ["seeds was 3, is 5", "schedule moves on after each was step, is epoch"]),
        ({"early_stop": EarlyStop(3, 0.5)}, ["early stop was not there, is patience=3,min_delta=0.5"]),
        ({"optimizer": "SGD(lr=1.0)"}, ["optimizer of `a` was not there, is SGD(lr=1.0)", "optimizer of `b` was not there, is SGD(lr=1.0)"]),
        ({"source": ImageSource("digits", 50)}, ["batch size was 100, is 50"]),
        (
            {"entries": (Entry.parse("a=Constant()"), Entry.parse("b=StepDecay('6ep')"))},
            ["schedule of `b` was StepDecay('5ep', gamma=0.1), is StepDecay('6ep', gamma=0.1)"],
        ),
    ],
)  # fmt: skip
def test_the_difference_of_two_plans_is_said(change: dict[str, Any], said: list[str]) -> None:
    one = plan("a=Constant()", "b=StepDecay('5ep')")
    assert difference(one.identity(), replace(one, **change).identity()) == said


def test_the_order_of_the_schedules_is_a_difference_because_the_first_is_what_the_others_are_compared_with() -> None:
    one, other = plan("a=Constant()", "b=StepDecay(5)"), plan("b=StepDecay(5)", "a=Constant()")
    assert difference(one.identity(), other.identity())[0] == "the order of the schedules was a, b, is b, a"


def test_a_change_in_the_task_file_is_a_difference_and_another_place_for_it_is_not(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    a, same, other = (TaskFile.parse(tiny(*each)) for each in ((here,), (there,), (tmp_path, "# changed\n")))
    assert a.identity() == same.identity() != other.identity()


def test_cells_go_seed_by_seed_so_that_a_stopped_comparison_can_be_read() -> None:
    assert plan("a=Constant()", "b=Constant()", seeds=2).cells() == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert Cell("a", 1).key == "a-seed1"


# -- early stopping ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "mode", "stops"),
    [
        ([70, 80, 79, 80], "max", True),
        ([70, 80, 79, 81], "max", False),
        ([70, 80, 79], "max", False),
        ([3, 2, 2, 2], "min", True),
        ([3, 2, 2, 1], "min", False),
        ([1], "max", False),
        ([], "max", False),
    ],
)
def test_training_stops_after_patience_epochs_without_an_improvement(
    metric: list[float], mode: str, stops: bool
) -> None:
    assert EarlyStop(patience=2).stops(metric, mode) is stops


def test_an_improvement_must_be_greater_than_min_delta() -> None:
    assert EarlyStop(2, min_delta=1.0).stops([70, 70.5, 71], "max")
    assert not EarlyStop(2, min_delta=1.0).stops([70, 70.5, 71.25], "max")


@given(st.lists(st.floats(-1e6, 1e6)), st.integers(1, 5), st.floats(0, 10))
def test_less_of_a_metric_is_more_of_its_negative(values: list[float], patience: int, min_delta: float) -> None:
    rule = EarlyStop(patience, min_delta)
    assert rule.stops(values, "min") == rule.stops([-value for value in values], "max")


@pytest.mark.parametrize("text", ["patience=3", "patience=3,min_delta=0.25"])
def test_the_text_of_an_early_stop_reads_back(text: str) -> None:
    assert str(EarlyStop.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3", "--early-stop must be patience=N or patience=N,min_delta=X, got '3'."),
        ("", "--early-stop must be patience=N or patience=N,min_delta=X, got ''."),
        ("patience=3)+(1", "--early-stop must be patience=N or patience=N,min_delta=X, got 'patience=3)+(1'."),
        ("patience=0", "--early-stop: `patience` must be a whole number >= 1, got 0."),
        ("patience=3,min_delta=-1", "--early-stop: `min_delta` must be a number >= 0, got -1."),
        ("patiense=3", "--early-stop must be given its own settings, got 'patiense'. Did you mean `patience`?"),
        ("min_delta=1", "--early-stop must be patience=N or patience=N,min_delta=X, got 'min_delta=1'."),
    ],
)
def test_an_early_stop_that_does_not_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(ScheduleError, match="^" + re.escape(message) + "$"):
        EarlyStop.parse(text)
