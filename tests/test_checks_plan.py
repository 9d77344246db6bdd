"""Plan rules: a schedule against the length of a run."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import glideslope as gs
from cases import CASES
from glideslope.checks import Settings
from glideslope.checks.catalogue import rules
from glideslope.checks.plan import RULES
from glideslope.checks.plan._plan import POINTS, plan_of
from glideslope.checks.rule import PlanRule, Rule

IMAGENET = gs.Run(epochs=90, steps_per_epoch=5004)
RUNS = [
    gs.Run(epochs=1),
    gs.Run(epochs=90),
    gs.Run(steps=2),
    gs.Run(steps=130),
    gs.Run(steps=100_000_000),
    IMAGENET,
    gs.Run(epochs=13, steps_per_epoch=10, per="epoch"),
    gs.Run(wall="6h"),
]


def names(schedule: gs.Schedule | str, run: gs.Run, settings: Settings | None = None) -> list[str]:
    read = gs.parse(schedule) if isinstance(schedule, str) else schedule
    return [each.rule for each in gs.check(read, run, settings)]


def cases(kind: str) -> list[object]:
    return [
        pytest.param(rule, text, run, id=f"{rule.name}: {text} in {run.total_steps}")
        for rule in RULES
        for text, run in getattr(rule, kind)
    ]


@pytest.mark.parametrize(("rule", "text", "run"), cases("invalid"))
def test_one_mistake_is_one_finding_of_its_own_rule(rule: PlanRule, text: str, run: gs.Run) -> None:
    (found,) = gs.check(gs.parse(text), run)
    assert (found.code, found.rule, found.severity) == (rule.code, rule.name, rule.severity)
    assert found.message.endswith((".", "?"))
    assert found.hint.endswith((".", "?"))
    assert (found.path, found.line, found.column, found.fixable) == (None, None, None, False)


@pytest.mark.parametrize(("rule", "text", "run"), cases("valid"))
def test_what_is_meant_is_not_reported(rule: PlanRule, text: str, run: gs.Run) -> None:
    assert rule.name not in names(text, run)


# -- designs that people mean ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("MultiStepDecay([30, 60, 80]).warmup(5)", gs.Run(epochs=90)),  # Goyal et al. 2017
        ("MultiStepDecay(['30ep', '60ep', '80ep']).warmup('5ep')", IMAGENET),
        ("StepDecay('30ep')", IMAGENET),
        ("CosineDecay('100%').warmup('5ep')", IMAGENET),
        ("CosineDecay(100000, end_factor=0.1).warmup(2000, start_factor=0)", gs.Run(steps=100_000)),
        ("CosineDecay(80000, end_factor=0.1).warmup(2000, start_factor=0)", gs.Run(steps=100_000)),  # held at a tenth
        ("InverseSqrtDecay(4000).warmup(4000, start_factor=0)", gs.Run(steps=100_000)),  # Vaswani et al. 2017
        ("WarmupStableDecay(100000, 2000, 20000)", gs.Run(steps=100_000)),
        ("Constant().warmup(2000, start_factor=0).cooldown('80%', '20%')", gs.Run(steps=100_000)),
        ("OneCycle('100%')", IMAGENET),
        ("CosineRestarts('10ep', t_mult=2)", gs.Run(epochs=70, steps_per_epoch=100)),  # Loshchilov and Hutter 2017
        ("CosineDecay(10).repeat(10)", gs.Run(epochs=50)),
        ("Triangular('2ep', start_factor=0.1)", gs.Run(epochs=12, steps_per_epoch=500)),
        ("ExponentialDecay(0.97)", gs.Run(epochs=90)),
        ("sequence([Constant().warmup(5), CosineDecay(85)], milestones=[5])", gs.Run(epochs=90)),
        ("Constant().hold(0.0, start=0, stop='20%')", IMAGENET),  # a group that is frozen at first
        ("Constant()", IMAGENET),
        ("LinearDecay(9000).warmup(500, start_factor=0)", gs.Run(steps=9000)),  # BERT's
        ("StepDecay(30).clip(low=0.01)", gs.Run(epochs=300)),
        ("MultiStepDecay(['6h', '9h'])", gs.Run(wall="10h")),
    ],
)
def test_schedules_of_the_papers_are_clean(text: str, run: gs.Run) -> None:
    assert names(text, run) == []


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "run", "message"),
    [
        ("MultiStepDecay([30, 100])", gs.Run(steps=50), "milestone 100 is never reached: the run ends at step 50."),
        ("MultiStepDecay([30, 100])", gs.Run(epochs=50), "milestone 100 is never reached: the run ends at epoch 50."),
        ("MultiStepDecay(['30ep', '95ep'])", IMAGENET, "milestone 95ep is never reached: the run ends at epoch 90."),
        ("MultiStepDecay([9, 10, 11, 12, 13])", gs.Run(steps=10), "milestones 10, 11 and 2 more are never reached: the run ends at step 10."),
        ("CosineDecay(90)", IMAGENET, "total_steps is 90; the run has 450 360 steps: did you mean epochs?"),
        ("CosineDecay('45ep')", IMAGENET, "total_steps is 45ep; the run has 90 epochs, and 50 % of it is left."),
        ("StepDecay('2h')", gs.Run(wall="1h"), "step_size is 2h: the rate never drops, as the run has 3 600 seconds."),
        ("ExponentialDecay(0.9)", gs.Run(steps=1000), "the rate is under 0.001 of its peak from step 66 on, for 93.4 % of the run, which has 1 000 steps."),
        ("MultiStepDecay([30, 60, 80])", IMAGENET, "the last milestone is 80; the run has 450 360 steps: did you mean epochs?"),
    ],
)  # fmt: skip
def test_a_message_holds_the_numbers_as_they_were_written(text: str, run: gs.Run, message: str) -> None:
    assert gs.check(gs.parse(text), run)[0].message == message


@pytest.mark.parametrize(
    ("rule", "found", "passed"),
    [
        ("drop-too-harsh", ("MultiStepDecay([10], gamma=0.049)", 20), ("MultiStepDecay([10], gamma=0.05)", 20)),
        ("first-step-at-zero", ("Constant().warmup(10, start_factor=0)", 100), ("Constant().warmup(10, start_factor=0)", 101)),
        ("schedule-longer-than-run", ("CosineDecay(1011)", 1000), ("CosineDecay(1010)", 1000)),
        ("rises-after-end", ("CosineWave(1000)", 1145), ("CosineWave(1000)", 1143)),
        ("schedule-shorter-than-run", ("CosineWave(10)", 1001), ("CosineWave(10)", 1000)),
        ("schedule-shorter-than-run", ("CosineDecay(48, end_factor=0.5)", 100), ("CosineDecay(49, end_factor=0.5)", 100)),
        ("schedule-shorter-than-run", ("CosineDecay(2)", 100), ("CosineDecay(1)", 100)),
        ("decay-too-fast", ("ExponentialDecay(0.5)", 21), ("ExponentialDecay(0.5)", 20)),
        ("decay-too-fast", ("MultiStepDecay([10, 20, 30, 31])", 63), ("MultiStepDecay([10, 20, 30])", 63)),
        ("decay-too-fast", ("MultiStepDecay([50])", 5000), ("MultiStepDecay([51])", 5000)),
        ("decay-too-fast", ("MultiStepDecay([50], gamma=0.5)", 5000), ("MultiStepDecay([50], gamma=0.6)", 5000)),
        ("lr-never-decays", ("CosineDecay(20).repeat(5)", 81), ("CosineDecay(20).repeat(5)", 83)),
    ],
)  # fmt: skip
def test_a_threshold_is_where_the_rule_says(rule: str, found: tuple[str, int], passed: tuple[str, int]) -> None:
    assert rule in names(found[0], gs.Run(steps=found[1]))
    assert rule not in names(passed[0], gs.Run(steps=passed[1]))


@pytest.mark.parametrize(
    ("text", "run", "asked"),
    [
        ("CosineDecay(94)", gs.Run(epochs=90, steps_per_epoch=100), "did you mean epochs?"),
        ("CosineDecay(95)", gs.Run(epochs=90, steps_per_epoch=100), ""),
        ("CosineDecay(30)", gs.Run(epochs=90, steps_per_epoch=100), "did you mean epochs?"),
        ("CosineDecay(29)", gs.Run(epochs=90, steps_per_epoch=100), ""),
        ("CosineDecay(90)", gs.Run(epochs=90, steps_per_epoch=2), ""),
        ("CosineDecay(1000)", gs.Run(steps=20_001), "did you mean epochs?"),
        ("CosineDecay(1000)", gs.Run(steps=20_000), ""),
        ("CosineDecay(1001)", gs.Run(steps=30_000), ""),
        ("CosineDecay(900)", gs.Run(epochs=90), "did you mean steps?"),
        ("CosineDecay(899)", gs.Run(epochs=90), ""),
    ],
)
def test_another_unit_is_suggested_where_the_number_makes_sense_in_it(text: str, run: gs.Run, asked: str) -> None:
    messages = [each.message for each in gs.check(gs.parse(text), run)]
    assert [each.rpartition(": ")[2] for each in messages if "did you mean" in each] == ([asked] if asked else [])


def test_a_unit_that_is_suggested_can_be_written_for_the_run() -> None:
    (found,) = gs.check(gs.CosineDecay(90), IMAGENET)
    assert found.hint == 'Write "90ep", or "100%" for the whole run.'
    (found,) = gs.check(gs.CosineDecay(90), gs.Run(steps=450_360))
    assert found.hint.startswith('Write "90ep", with `epochs` and `steps_per_epoch` in the run')


def test_of_an_even_staircase_later_drops_are_looked_at_too() -> None:
    held = "StepDecay(10, gamma=0.01).hold(1.0, start=5, stop=11).clip(high=0.005)"
    (found,) = gs.check(gs.parse(held), gs.Run(steps=25))
    assert (found.rule, "at step 20" in found.message) == ("drop-too-harsh", True)


def test_the_gamma_that_is_suggested_arrives_with_the_run() -> None:
    (found,) = gs.check(gs.parse("ExponentialDecay(0.9)"), gs.Run(steps=1000))
    gamma = float(re.search(r"gamma=([\d.]+) ", found.hint)[1])  # type: ignore[index]
    assert gamma**999 == pytest.approx(1e-3, rel=1e-3)


def test_the_step_from_which_a_rate_is_lost_is_exact() -> None:
    (found,) = gs.check(gs.ExponentialDecay(0.999).warmup(777), gs.Run(steps=100_000_000))
    step = next(
        t
        for t in range(10_000)
        if 0.999**t < 1e-3 * max(0.999**s * min(1, 1 / 3 + 2 / 3 * s / 777) for s in range(800))
    )
    assert f"from step {step:,} on".replace(",", " ") in found.message


# -- the engine --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.schedule))
def test_every_schedule_can_be_checked_against_every_run(case: object) -> None:
    for run in RUNS:
        for found in gs.check(case.schedule, run):  # type: ignore[attr-defined]
            assert found.rule in {rule.name for rule in RULES}


@pytest.mark.parametrize(
    "text",
    [
        "StepDecay(1, gamma=0.9999999)",
        "CosineRestarts(7)",
        "StepDecay(3).repeat(10)",
        "Triangular(3) * StepDecay(1, gamma=0.9999)",
        f"MultiStepDecay({list(range(1, 40_000, 3))})",
    ],
)
def test_a_long_run_is_looked_at_in_a_few_places(text: str) -> None:
    schedule, run = gs.parse(text), gs.Run(steps=100_000_000)
    gs.check(schedule, run)
    assert plan_of(schedule, run).steps.size < 5 * POINTS


@given(
    data=st.data(),
    epochs=st.integers(2, 40),
    each=st.integers(1, 50),
    shape=st.sampled_from(["step", "multi", "cosine", "linear", "wave", "warm", "shift", "wsd"]),
)
def test_a_finding_does_not_depend_on_the_unit(data: st.DataObject, epochs: int, each: int, shape: str) -> None:
    run = gs.Run(epochs=epochs, steps_per_epoch=each)
    a, b, c = sorted(data.draw(st.lists(st.integers(1, 60), min_size=3, max_size=3, unique=True)))

    def build(unit: str, scale: int) -> gs.Schedule:
        def n(value: int) -> object:
            return f"{value * scale}{unit}" if unit else value * scale

        return {
            "step": lambda: gs.StepDecay(n(a)),
            "multi": lambda: gs.MultiStepDecay([n(a), n(b), n(c)]),
            "cosine": lambda: gs.CosineDecay(n(a)).warmup(n(b)),
            "linear": lambda: gs.sequence([gs.Constant(), gs.LinearDecay(n(b))], [n(a)]),
            "wave": lambda: gs.CosineWave(n(a)),
            "warm": lambda: gs.MultiStepDecay([n(b)]).warmup(n(a), start_factor=0),
            "shift": lambda: gs.LinearDecay(n(a)).shift(n(b)) * gs.StepDecay(n(c)),
            "wsd": lambda: gs.WarmupStableDecay(n(a + b + c), n(a), n(b), start_factor=0.1).cooldown(n(c), n(b)),
        }[shape]()

    in_epochs = names(build("ep", 1), run)
    assert names(build("st", each), run) == in_epochs
    assert names(build("", each), run) == in_epochs


LENGTHS = st.sampled_from([1, 2, 5, 30, 90, 1000, 10**7, "10%", "3ep"])
SHAPES = st.one_of(
    st.builds(gs.StepDecay, LENGTHS, st.sampled_from([0.1, 1.0, 2.0])),
    st.builds(gs.MultiStepDecay, st.lists(st.integers(1, 300), min_size=1, max_size=4).map(sorted)),
    st.builds(gs.ExponentialDecay, st.sampled_from([0.5, 0.999, 1.1])),
    st.builds(gs.Constant, st.sampled_from([0.0, 1.0])),
    *(
        st.builds(each, LENGTHS)
        for each in (gs.CosineDecay, gs.CosineWave, gs.CosineRestarts, gs.OneCycle, gs.Triangular)
    ),
)


def wrapped(inner: st.SearchStrategy[gs.Schedule]) -> st.SearchStrategy[gs.Schedule]:
    return st.one_of(
        st.builds(lambda s, n: s.warmup(n, start_factor=0), inner, LENGTHS),
        st.builds(lambda s, n, k: s.repeat(n, times=k), inner, LENGTHS, st.sampled_from([None, 2])),
        st.builds(lambda s, by: s.stretch(by), inner, st.floats(0.1, 20)),
        st.builds(lambda s, n: s.shift(n), inner, st.integers(-50, 50)),
        st.builds(lambda s, n: s.hold(0.1, start=n), inner, LENGTHS),
        st.builds(lambda s: s.clip(low=0.01), inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, b, n: gs.sequence([a, b], [n]), inner, inner, LENGTHS),
    )


@given(
    schedule=st.recursive(SHAPES, wrapped, max_leaves=6),
    run=st.builds(gs.Run, epochs=st.integers(1, 100), steps_per_epoch=st.sampled_from([1, 7, 10**6])),
)
def test_whatever_the_algebra_makes_can_be_checked(schedule: gs.Schedule, run: gs.Run) -> None:
    try:
        resolved = schedule.resolve(run)
    except gs.ScheduleError:  # 10 % of a run of three steps is none
        return
    assert {each.rule for each in gs.check(resolved, run)} <= {rule.name for rule in RULES}
    gs.check(schedule, run)


def test_nothing_times_what_has_grown_beyond_every_number_is_nothing() -> None:
    schedule = gs.Constant(0.0) * gs.ExponentialDecay(1.1) * gs.CosineWave(60_000_000)
    assert names(schedule, gs.Run(steps=100_000_000)) == ["growing-gamma"]


def test_a_schedule_that_the_run_cannot_resolve_is_an_error() -> None:
    with pytest.raises(gs.ScheduleError, match="`steps_per_epoch` must be given"):
        gs.check(gs.StepDecay("1e6sa"), gs.Run(epochs=90))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("StepDecay(30)", gs.Run(steps=3)), "check: `schedule` must be a schedule, got 'StepDecay(30)'."),
        ((gs.StepDecay(30), 90), "`run` must be a glideslope.Run"),
        ((gs.StepDecay(30), gs.Run(steps=90), {}), "check: `settings` must be glideslope.checks.Settings, got {}."),
    ],
)
def test_a_bad_argument_is_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(gs.ScheduleError) as error:
        gs.check(*arguments)  # type: ignore[arg-type]
    assert message in str(error.value)


def test_findings_come_in_order_of_code_and_are_plain_values() -> None:
    found = gs.check(gs.MultiStepDecay([3, 30, 30, 100]).warmup(5), gs.Run(epochs=50))
    assert [each.code for each in found] == sorted(each.code for each in found)
    assert [each.rule for each in found] == [
        "milestone-never-reached",
        "milestone-inside-warmup",
        "duplicate-milestone",
    ]
    assert list(found[0].to_dict()) == [
        "path",
        "line",
        "column",
        "code",
        "rule",
        "message",
        "hint",
        "severity",
        "fixable",
    ]
    assert isinstance(found[0], gs.Diagnostic)


# -- settings ----------------------------------------------------------------------------------------------------------


def test_a_threshold_is_a_setting() -> None:
    run = gs.Run(epochs=90)
    assert names("StepDecay(30, gamma=0.01)", run, Settings(harshest_drop=200)) == []
    assert names("StepDecay(30)", run, Settings(harshest_drop=5)) == ["drop-too-harsh"]
    assert names("StepDecay(10)", run, Settings(most=0.9)) == []
    assert names("StepDecay(10)", run, Settings(decayed=0.05)) == ["decay-too-fast"]


def test_rules_are_selected_by_code_by_the_beginning_of_codes_and_by_name() -> None:
    schedule, run = "MultiStepDecay([3, 30, 30, 100]).warmup(5)", gs.Run(epochs=50)
    assert names(schedule, run, Settings(select=["GS101"])) == ["milestone-never-reached"]
    assert names(schedule, run, Settings(select=["GS11", "milestone-inside-warmup"])) == [
        "milestone-inside-warmup",
        "duplicate-milestone",
    ]
    assert names(schedule, run, Settings(ignore=["GS1"])) == []
    assert names(schedule, run, Settings(select=["GS1"], ignore=["duplicate-milestone", "GS108"])) == [
        "milestone-never-reached"
    ]


def test_what_explains_a_finding_explains_it_also_where_it_is_ignored() -> None:
    assert names("CosineDecay(90)", IMAGENET, Settings(ignore=["schedule-shorter-than-run"])) == []


def test_a_severity_is_a_setting_and_the_last_one_that_fits_counts() -> None:
    settings = Settings(severity={"GS1": "info", "duplicate-milestone": "error"})
    found = gs.check(gs.MultiStepDecay([30, 30, 100]), gs.Run(epochs=50), settings)
    assert [each.severity for each in found] == ["info", "error"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"select": ["GS9"]}, "Settings: `select` must be codes"),
        ({"ignore": ["drop-to-harsh"]}, "got 'drop-to-harsh'. Did you mean `drop-too-harsh`?"),
        ({"select": "GS101"}, "Settings: `select` must be a list"),
        ({"harshest_drop": 1}, "Settings: `harshest_drop` must be a number > 1, got 1."),
        ({"severity": {"GS101": "fatal"}}, "must be one of error, warning, info for GS101, got 'fatal'."),
        ({"exclude": [3]}, "Settings: `exclude` must be text, got 3."),
    ],
)
def test_a_bad_setting_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(gs.ScheduleError) as error:
        Settings(**values)  # type: ignore[arg-type]
    assert message in str(error.value)


def test_the_settings_of_a_project_are_those_of_the_nearest_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.glideslope]\nharshest-drop = 50\nseverity = {GS101 = "info"}\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text("[tool.other]\nglideslope = 1\n")
    assert Settings.find(inner) == Settings(harshest_drop=50, severity={"GS101": "info"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[tool.glideslope]\nharsh-drop = 50",
            "[tool.glideslope] must have keys that glideslope knows, got 'harsh-drop'. Did you mean `harshest-drop`?",
        ),
        ("[tool.glideslope]\nharshest-drop = 0", "[tool.glideslope]: `harshest_drop` must be a number > 1, got 0."),
        ("[tool.glideslope\n", "pyproject.toml must be TOML"),
        ("tool = {glideslope = 3}", "tool.glideslope must be a table, got 3."),
    ],
)
def test_a_bad_table_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(gs.ScheduleError) as error:
        Settings.find(tmp_path)
    assert message in str(error.value)
    assert str(tmp_path) in str(error.value)


# -- the catalogue -----------------------------------------------------------------------------------------------------


def test_codes_are_given_once_and_in_the_order_of_the_list() -> None:
    assert [rule.code for rule in RULES] == [f"GS{number}" for number in range(101, 101 + len(RULES))]
    codes = [rule.code for rule in rules()]
    assert sorted(set(codes)) == codes


def test_a_rule_is_a_file_that_is_named_after_it_and_stands_in_the_list() -> None:
    folder = Path(inspect.getfile(type(RULES[0]))).parent
    files = {path.stem for path in folder.glob("*.py") if not path.name.startswith("_")}
    assert {rule.name.replace("-", "_") for rule in RULES} == files
    for rule in RULES:
        assert Path(inspect.getfile(type(rule))).stem == rule.name.replace("-", "_")


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_says_all_that_its_page_needs(rule: Rule) -> None:
    for text in (rule.finds, rule.why, rule.example, rule.instead):
        assert text.strip()
    assert rule.severity in ("error", "warning", "info")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_example_of_a_plan_rule_is_found_by_it(rule: PlanRule) -> None:
    assert [each.rule for each in eval(rule.example, {"gs": gs})] == [rule.name]
    assert set(rule.explained_by) <= {each.name for each in RULES}
