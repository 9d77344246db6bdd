"""The text and the dict form."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import glideslope as gs
from glideslope.spec import parse_call


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)", gs.MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)),
        ("  StepDecay( 30 )  ", gs.StepDecay(30)),
        ("StepDecay(step_size='30ep', gamma=1/2)", gs.StepDecay("30ep", gamma=0.5)),
        ("CosineDecay(1e5)", gs.CosineDecay(100_000)),
        ("MultiStepDecay(('30ep', '50%'), gamma=[0.5, 0.1])", gs.MultiStepDecay(["30ep", "50%"], gamma=[0.5, 0.1])),
        ("StepDecay(3) * LinearDecay(9) * 0.5", gs.StepDecay(3) * gs.LinearDecay(9) * 0.5),
        ("0.5 * StepDecay(3)", gs.StepDecay(3) * 0.5),
        ("(StepDecay(3) * 2).warmup(5, start_factor=1/3)", (gs.StepDecay(3) * 2).warmup(5)),
        ("StepDecay(3) * LinearDecay(9).warmup(5)", gs.StepDecay(3) * gs.LinearDecay(9).warmup(5)),
        ("sequence([Constant(0.1), CosineDecay(9)], milestones=[5])", gs.sequence([gs.Constant(0.1), gs.CosineDecay(9)], [5])),
        ("PiecewiseLinear([(0, 0.1), ('5ep', 1)])", gs.PiecewiseLinear([(0, 0.1), ("5ep", 1.0)])),
        ("Constant().shift(-3).repeat(9, times=2).stretch(2).clip(high=3)", gs.Constant().shift(-3).repeat(9, 2).stretch(2).clip(high=3)),
        ("MultiStepDecay(\n  [30,\n   60],\n)", gs.MultiStepDecay([30, 60])),
    ],
)  # fmt: skip
def test_what_is_typed_in_python_is_read_from_text(text: str, schedule: gs.Schedule) -> None:
    assert gs.parse(text) == schedule
    assert gs.parse(repr(schedule)) == schedule


def test_the_repr_is_what_the_readme_shows() -> None:
    assert (
        repr(gs.MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5))
        == "MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)"
    )


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("StepDecy(30)", 1, "Did you mean `StepDecay`?"),
        ("stepdecay(30)", 1, "Did you mean `StepDecay`?"),
        ("StepDecay(30, gama=0.1)", 15, "Did you mean `gamma`?"),
        ("StepDecay(30).warmpu(5)", 15, "Did you mean `warmup`?"),
        ("StepDecay(30).warmup(5, shape='cos')", 25, 'one of "linear", "exponential", "cosine", got \'cos\''),
        ("StepDecay(30).__class__", 15, "number, text, a list or a schedule"),
        ("StepDecay(30).__class__()", 15, "must call a method of schedules"),
        ("StepDecay(30)._factor(3, 4)", 15, "must call a method of schedules"),
        ("__import__('os').system('true')", 1, "shape of the catalogue"),
        ("(lambda: 1)()", 1, "call a shape or a method by name"),
        ("StepDecay(exec('1'))", 11, "shape of the catalogue, got 'exec'"),
        ("StepDecay(30 if 1 else 2)", 11, "number, text, a list or a schedule"),
        ("StepDecay(2 ** 9999)", 11, "number, text"),
        ("StepDecay(1 + 1)", 11, "number, text"),
        ("StepDecay(1/0)", 11, "finite number"),
        ("StepDecay(-'a')", 12, "must be a number"),
        ("StepDecay(30j)", 11, "number, text"),
        ("StepDecay(b'30')", 11, "number, text"),
        ("StepDecay(f'{1}')", 11, "number, text"),
        ("StepDecay(*[30])", 11, "number, text"),
        ("StepDecay(**{'step_size': 30})", 11, "name each argument"),
        ("StepDecay(30, 0.1, 3)", 20, "at most 2 arguments"),
        ("StepDecay(30, step_size=3)", 15, "once"),
        ("StepDecay()", 1, "give StepDecay(...) its `step_size`"),
        ("StepDecay", 1, "Write StepDecay(...) with its arguments"),
        ("StepDecay(30", 10, "does not read"),
        ("StepDecay(30))", 14, "does not read"),
        ("StepDecay(30); 1", 14, "does not read"),
        ("x = StepDecay(30)", 3, "does not read"),
        ("30", 1, "must be a schedule"),
        ("'StepDecay(30)'", 1, "must be a schedule"),
        ("StepDecay(30) * 'a'", 1, "multiply a schedule"),
        ("StepDecay(30) * -1", 1, "a number >= 0 on either side of it, got -1"),
        ("StepDecay(30) + StepDecay(30)", 1, "number, text"),
        ("StepDecay(\x00)", 1, "does not read"),
        ("StepDecay(" + "9" * 5000 + ")", 1, "does not read"),
        ("StepDecay(" + "9" * 400 + ")", 11, "steps >= 1"),
        ("ExponentialDecay(1e999)", 18, "must be a number > 0"),
        ("é * StepDecay(30)", 1, "number, text"),
    ],
)
def test_a_bad_text_is_an_error_that_points_at_the_column(text: str, column: int, words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        gs.parse(text)
    message = str(caught.value)
    assert words in message
    assert f"column {column}" in message


def test_the_caret_stands_under_the_mistake() -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        gs.parse("StepDecay(30).warmup(5, start_facto=0.1)")
    _, shown, caret = str(caught.value).split("\n")
    assert shown[caret.index("^") :] == "start_facto=0.1)"


@pytest.mark.parametrize("text", ["", "   ", None, 30, b"StepDecay(30)", ["StepDecay(30)"]])
def test_what_is_no_text_is_refused(text: object) -> None:
    with pytest.raises(gs.ScheduleError, match="parse"):
        gs.parse(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "-" * 100_000 + "1",
        "StepDecay(" * 60 + "1" + ")" * 60,
        "StepDecay(3)" + ".warmup(5)" * 10_000,
        "StepDecay(3)" + " * 2" * 100_000,
        "StepDecay(" + "1," * 1_000_000 + ")",
        "a" * 1_000_001,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_is_refused_and_not_a_crash(text: str) -> None:
    with pytest.raises(gs.ScheduleError):
        gs.parse(text)


def test_reading_text_never_evaluates_it() -> None:
    for text in (
        "StepDecay(print('x'))",
        "gs.StepDecay(3)",
        "[StepDecay(3) for _ in 'ab']",
        "StepDecay.mro()",
        "Constant().shift.real",
    ):
        with pytest.raises(gs.ScheduleError):
            gs.parse(text)


@given(st.text(max_size=80))
def test_any_text_is_a_schedule_or_a_schedule_error(text: str) -> None:
    try:
        assert isinstance(gs.parse(text), gs.Schedule)
    except gs.ScheduleError as error:
        assert "parse" in str(error) or "column" in str(error)


@given(st.text(alphabet="StepDcay(3,0.1)*[]'=warmup -/5", max_size=60))
def test_text_like_a_schedule_is_a_schedule_or_a_schedule_error(text: str) -> None:
    with contextlib.suppress(gs.ScheduleError):
        assert isinstance(gs.parse("StepDecay(30)" + text), gs.Schedule)


def test_a_long_table_is_read_back() -> None:
    s = gs.PiecewiseConstant(range(1, 20_001), [i / 20_000 for i in range(20_001)])
    assert gs.parse(repr(s)) == s


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "be a shape of the catalogue or a method, got None"),
        ({"name": "StepDecy", "step_size": 3}, "Did you mean `StepDecay`?"),
        ({"name": "StepDecay"}, "StepDecay must be given `step_size`"),
        ({"name": "StepDecay", "step_size": 3, "gama": 1}, "Did you mean `gamma`?"),
        ({"name": "StepDecay", "step_size": -3}, "`step_size` must be steps >= 1, got -3"),
        ({"name": "warmup", "schedule": 3, "steps": 3}, "be a dict with a `name`, got 3"),
        ({"name": "warmup", "schedule": "StepDecy(3)", "steps": 3}, "Did you mean `StepDecay`?"),
        ({"name": "product", "schedules": 3}, "product"),
        ({"name": "sequence", "schedules": ["Constant()", 3], "milestones": [3]}, "be a dict with a `name`, got 3"),
        ({1: 2}, "be a dict with a `name`"),
        ([], "be a dict with a `name`"),
        ("StepDecay(3)", "be a dict with a `name`"),
        (None, "be a dict with a `name`"),
    ],
)
def test_a_bad_dict_says_what_must_hold(data: object, words: str) -> None:
    with pytest.raises(gs.ScheduleError) as caught:
        gs.from_dict(data)  # type: ignore[arg-type]
    assert words in str(caught.value) or words.lower() in str(caught.value).lower()


def test_a_dict_without_a_bottom_is_refused() -> None:
    data: dict[str, object] = {"name": "shift", "steps": 1}
    data["schedule"] = data
    with pytest.raises(gs.ScheduleError, match="at most 50 deep"):
        gs.from_dict(data)


def test_a_dict_is_not_changed_and_defaults_are_written_out() -> None:
    data = {"name": "warmup", "schedule": {"name": "StepDecay", "step_size": 30}, "steps": "5ep"}
    before = repr(data)
    s = gs.from_dict(data)
    assert repr(data) == before
    assert gs.to_dict(s) == {
        "name": "warmup",
        "schedule": {"name": "StepDecay", "step_size": 30, "gamma": 0.1},
        "steps": "5ep",
        "start_factor": 1 / 3,
        "shape": "linear",
    }
    with pytest.raises(gs.ScheduleError, match="to_dict"):
        gs.to_dict("StepDecay(3)")  # type: ignore[arg-type]


def test_a_call_with_literals_is_read_for_other_registries() -> None:
    assert parse_call("SGD(0.1, betas=(0.9, 0.99), nesterov=True)") == (
        "SGD",
        [0.1],
        {"betas": [0.9, 0.99], "nesterov": True},
    )
    for text in ("SGD", "SGD(lr=open('x'))", "torch.optim.SGD(lr=1)", "SGD(**{})", "1"):
        with pytest.raises(gs.ScheduleError):
            parse_call(text)
