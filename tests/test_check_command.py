"""``glideslope check`` and ``glideslope rules``: the installed command, in processes of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from glideslope.checks.catalogue import rules

COMMAND = str(Path(sys.executable).with_name("glideslope"))
Check = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Run ``glideslope check`` in a folder of its own."""
    env = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "80"}

    def run(*arguments: str, command: str = "check") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, command, *arguments], capture_output=True, text=True, cwd=tmp_path, env=env, check=False
        )

    return run


def test_a_schedule_is_checked_against_the_run_of_the_options(check: Check) -> None:
    done = check("MultiStepDecay([100])", "--epochs", "50")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith(
        "GS101 milestone-never-reached: milestone 100 is never reached: the run ends at epoch 50."
    )
    assert check("CosineDecay('100%').warmup('5ep')", "--epochs", "90", "--steps-per-epoch", "5004").returncode == 0
    assert (
        "the run has 450 360 steps: did you mean epochs?"
        in check("CosineDecay(90)", "--epochs", "90", "--steps-per-epoch", "5004").stdout
    )


def test_of_several_schedules_each_finding_says_which(check: Check) -> None:
    done = check("MultiStepDecay([100])", "CosineDecay(10)", "--epochs", "50", "--format", "json")
    assert [each["message"].split(":")[0] for each in json.loads(done.stdout)] == [
        "MultiStepDecay([100], gamma=0.1)",
        "CosineDecay(10)",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["StepDecay(30)"], "check must be told how long the run is: `--epochs`, `--steps` or `--wall`; got none."),
        (["StepDecy(30)", "--epochs", "9"], "Did you mean `StepDecay`?"),
        (["StepDecay(30)", "--epochs", "9", "--select", "GS999"], "check: `--select` must be"),
        (["StepDecay(30)", "--epochs", "9", "--format", "sarif"], "`--format` must be one of"),
        (["StepDecay('30ep')", "--steps", "9"], "must be given to turn '30ep' (epochs) into steps"),
        (["train.py", "--epochs", "9"], "check must be given schedules, got 'train.py'. It reads no files."),
    ],
)
def test_what_cannot_be_done_is_exit_code_2_and_a_message(check: Check, arguments: list[str], words: str) -> None:
    done = check(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_exit_zero_and_quiet(check: Check) -> None:
    assert check("MultiStepDecay([100])", "--epochs", "50", "--exit-zero").returncode == 0
    assert check("StepDecay(20)", "--epochs", "50", "--quiet").stdout == ""
    assert check("StepDecay(20)", "--epochs", "50").stdout == "nothing found; 1 looked at.\n"


def test_json_is_a_list_of_flat_objects(check: Check) -> None:
    done = check("MultiStepDecay([100])", "--epochs", "50", "--format", "json")
    (found,) = json.loads(done.stdout)
    assert list(found) == ["path", "line", "column", "code", "rule", "message", "hint", "severity", "fixable"]
    assert json.loads(check("StepDecay(20)", "--epochs", "50", "--format", "json").stdout) == []


def test_head_may_close_the_pipe() -> None:
    line = f"{COMMAND} rules --json | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ([], ["GS101", "GS111"]),
        (["--select", "GS101"], ["GS101"]),
        (["--select", "GS11,milestone-never-reached"], ["GS101", "GS111"]),
        (["--select", "GS11", "--select", "GS101"], ["GS101", "GS111"]),
        (["--ignore", "duplicate-milestone"], ["GS101"]),
        (["--select", "GS1", "--ignore", "GS1"], []),
    ],
)
def test_rules_are_selected_and_ignored(check: Check, arguments: list[str], codes: list[str]) -> None:
    done = check("MultiStepDecay([30, 30, 100])", "--epochs", "50", "--format", "json", *arguments)
    assert [each["code"] for each in json.loads(done.stdout)] == codes
    assert done.returncode == bool(codes)


def test_the_project_selects_and_the_command_line_has_the_last_word(check: Check, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.glideslope]\nignore = ["GS111"]\nharshest-drop = 200\n[tool.glideslope.severity]\nGS101 = "error"\n'
    )
    plan = ["MultiStepDecay([30, 30, 100])", "--epochs", "50", "--format", "json"]
    assert [(each["code"], each["severity"]) for each in json.loads(check(*plan).stdout)] == [("GS101", "error")]
    assert len(json.loads(check(*plan, "--ignore", "GS101").stdout)) == 1
    (tmp_path / "pyproject.toml").write_text("[tool.glideslope]\nharshestdrop = 200\n")
    done = check(*plan)
    assert done.returncode == 2
    assert "Did you mean `harshest-drop`?" in done.stderr


def test_rules_are_a_table_that_fits_a_terminal(check: Check) -> None:
    lines = check(command="rules").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[rule.code, rule.name] for rule in rules()]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("which", ["GS109", "drop-too-harsh"])
def test_the_page_of_a_rule_has_its_headings(check: Check, which: str) -> None:
    text = check(which, command="rules").stdout
    assert text.startswith("# GS109 drop-too-harsh\n")
    assert re.findall("## (.*)", text) == ["What it finds", "Why it is bad", "Example", "Use instead", "Fix"]


def test_rules_are_json_for_machines(check: Check) -> None:
    (rule,) = json.loads(check("GS109", "--json", command="rules").stdout)
    assert list(rule) == ["code", "name", "severity", "finds", "why", "example", "instead", "fix"]
    assert len(json.loads(check("--json", command="rules").stdout)) == len(rules())


def test_a_rule_that_does_not_exist_is_an_error(check: Check) -> None:
    done = check("GS999", command="rules")
    assert done.returncode == 2
    assert done.stderr.startswith("glideslope: rules must be given a code or a name, got 'GS999'.")
