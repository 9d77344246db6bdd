"""``glideslope check`` and ``glideslope rules``: the installed command, in processes of its own.

The source rules have tests of their own. Here a rule of two lines stands in their place, so that what is tested is what
the command does with findings: it finds ``get_lr()`` and mends it.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from glideslope.checks.catalogue import rules
from glideslope.checks.diagnostic import Edit
from glideslope.checks.edits import apply
from glideslope.checks.notebook import read_notebook
from glideslope.checks.suppression import suppressions

COMMAND = str(Path(sys.executable).with_name("glideslope"))
STAND_IN = """
import ast, re, sys
import glideslope.checks.source as source
from glideslope.checks import Diagnostic
from glideslope.checks.diagnostic import Edit

def analyse(text, path, settings):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return [Diagnostic(path, line, 1, "GS200", "syntax-error", f"the file does not read: {type(error).__name__}.")]
    if "blow up" in text:
        1 / 0
    if "drop dead" in text:
        import os
        os._exit(9)
    out = []
    for number, line in enumerate(text.split("\\n"), 1):
        for match in () if line.startswith("#") else re.finditer(r"get_lr\\(\\)", line):
            edit = Edit(number, match.start(), number, match.end(), "get_last_lr()")
            out.append(Diagnostic(path, number, match.start() + 1, "GS209", "get-lr-for-logging",
                                  "get_lr() is not the rate, it is 100 % its own.", "Ask get_last_lr().", edits=(edit,)))
        if "del scheduler" in line:
            out.append(Diagnostic(path, number, 1, "GS210", "two-lines", "a line too many.", edits=(Edit(number, 0, number + 1, 0, ""),)))
    return out

source.analyse = analyse
"""
LOGS = "scheduler = make()\nprint(scheduler.get_lr())\n"
MENDED = LOGS.replace("get_lr", "get_last_lr")


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(STAND_IN)
    return folder


@pytest.fixture
def check(site: Path, tmp_path: Path):
    """Run ``glideslope check`` in a folder of its own."""
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    env = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "error", "COLUMNS": "80"}

    def run(
        *arguments: str, stdin: str | bytes = "", command: str = "check", inside: str = "."
    ) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [COMMAND, command, *arguments], input=data, capture_output=True, cwd=tmp_path / inside, env=env, check=False
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


# -- scripts -----------------------------------------------------------------------------------------------------------


def test_a_finding_is_a_line_with_place_code_name_message_and_hint(check, tmp_path):
    write(tmp_path, train_dot_py=LOGS)
    done = check("train.py")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "train.py:2:17 GS209 get-lr-for-logging: get_lr() is not the rate, it is 100 % its own. Ask get_last_lr().",
        "1 found; 1 can be mended with --fix; 1 looked at.",
    ]
    assert done.stderr == ""


def test_a_clean_file_is_exit_code_0(check, tmp_path):
    write(tmp_path, train_dot_py=MENDED)
    assert (check("train.py").returncode, check("train.py").stdout) == (0, "nothing found; 1 looked at.\n")
    assert check("train.py", "--quiet").stdout == ""


def test_exit_zero_is_for_those_who_only_want_to_see(check, tmp_path):
    write(tmp_path, train_dot_py=LOGS)
    assert check("train.py", "--exit-zero").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.py"], "glideslope: check: nowhere.py must exist, and it does not.\n"),
        (["srcc"], "glideslope: check: srcc must exist, and it does not.\n"),
        (["."], None),
        ([".", "--select", "GS9"], "glideslope: check: `--select` must be codes"),
        ([".", "--ignore", "drop-to-harsh"], "Did you mean `drop-too-harsh`?\n"),
        ([".", "--format", "xml"], 'glideslope: check: `--format` must be one of "text", "json", "github", "sarif", got \'xml\'.\n'),
        ([".", "--epochs", "3"], "must come with a schedule, got only paths.\n"),
        (["StepDecay(30)"], "must be told how long the run is"),
        (["StepDecay(30)", "--epochs", "3", "--steps", "3"], "must have one of `--epochs`, `--steps` and `--wall`"),
        (["StepDecy(30)", "--epochs", "3"], "Did you mean `StepDecay`?"),
        (["StepDecay('1e6sa')", "--epochs", "3"], "`steps_per_epoch` must be given"),
        (["-", "--fix"], "`--fix` must be given files, got standard input."),
        (["--nonsense"], "No such option"),
        ([], "Missing argument"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_exit_code_2_and_one_message(check, arguments, message):
    done = check(*arguments)
    if message is None:
        assert done.returncode == 0
    else:
        assert done.returncode == 2
        assert message in done.stderr
        assert done.stderr.startswith("glideslope: ")
        assert done.stdout == ""


def test_folders_are_gone_through_but_not_other_peoples_code(check, tmp_path):
    write(
        tmp_path, a__train_dot_py=LOGS, a__deep__er__x_dot_py=LOGS, a__notes_dot_txt=LOGS, a___dot_hidden__x_dot_py=LOGS,
        a__node_modules__x_dot_py=LOGS, a__venv__x_dot_py=LOGS, a__mine__x_dot_py=LOGS, a__mine__pyvenv_dot_cfg="",
    )  # fmt: skip
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "a" / "pipe.py")
    lines = check("a", "a/train.py", "--quiet").stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["a/deep/er/x.py", "a/train.py"] or [
        line.split(":")[0] for line in lines
    ] == ["a/train.py", "a/deep/er/x.py"]


def test_a_project_excludes_files_and_folders(check, tmp_path):
    write(tmp_path, a__x_dot_py=LOGS, a__gen__x_dot_py=LOGS, a__b__old_x_dot_py=LOGS, third__y_dot_py=LOGS)
    (tmp_path / "pyproject.toml").write_text('[tool.glideslope]\nexclude = ["gen/", "old_*", "./third/*"]\n')
    assert check(".", "--quiet").stdout.split(":")[0] == "a/x.py"
    assert check("a/gen/x.py").returncode == 1, "a file that is named is looked at"
    assert check("a/gen/x.py", "--force-exclude").returncode == 0
    assert check("gen/x.py", "--force-exclude", inside="a").returncode == 0, "wherever it is run"


def test_a_file_that_mentions_no_scheduler_is_passed_over_unless_it_is_named(check, tmp_path):
    write(tmp_path, a__x_dot_py="model.get_lr()\n")
    assert check("a").returncode == 0
    assert check("a/x.py").returncode == 1


def test_standard_input_is_a_script(check):
    done = check("-", stdin=LOGS)
    assert (done.returncode, done.stdout.split(" ")[0]) == (1, "<stdin>:2:17")
    assert check("-", stdin=b"\xff\xfe\x00").returncode == 2


def test_head_may_close_the_pipe(site, tmp_path):
    (tmp_path / "train.py").write_text("scheduler.get_lr()\n" * 20_000)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))}
    done = subprocess.run(
        ["bash", "-c", f'"{COMMAND}" check train.py | head -2; exit ${{PIPESTATUS[0]}}'], capture_output=True, text=True, cwd=tmp_path, env=env, check=False
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 2


def test_a_name_that_is_no_text_does_no_harm(check, tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_text(LOGS)
    for form in ("text", "json", "github", "sarif"):
        done = check(".", "--format", form)
        assert (done.returncode, done.stderr) == (1, "")


def test_a_mistake_of_the_check_itself_is_one_line_of_report(check, tmp_path):
    write(tmp_path, a_dot_py="scheduler = 'blow up'\n", b_dot_py=LOGS)
    lines = check(".", "--quiet").stdout.splitlines()
    assert "GS001 unreadable-file: the file cannot be checked: the check of it ended in ZeroDivisionError" in lines[0]
    assert lines[1].startswith("b.py:2:17 GS209")


def test_a_file_that_kills_its_process_is_one_line_of_report(check, tmp_path):
    filler = "# scheduler\n" + "x = 1\n" * 12_000
    for i in range(12):
        (tmp_path / f"f{i:02}.py").write_text(filler + ("scheduler = 'drop dead'\n" if i == 5 else LOGS))
    lines = check(".", "--quiet").stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"f{i:02}.py" for i in range(12)]
    assert "GS001 unreadable-file: the file cannot be checked: the process that looked at it died." in lines[5]


def test_many_files_are_looked_at_by_several_processes(check, tmp_path):
    filler = "# scheduler\n" + "x = 1\n" * 3000
    for i in range(60):
        (tmp_path / f"f{i:02}.py").write_text(filler + LOGS)
    lines = check(".", "--quiet").stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"f{i:02}.py" for i in range(60)]


# -- hostile files -----------------------------------------------------------------------------------------------------

HOSTILE = {
    "syntax": b"def scheduler(:\n",
    "null": b"scheduler = 1\0\n",
    "latin": b"# scheduler \xe9\n",
    "cookie": b"# -*- coding: no-such -*- scheduler\n",
    "big": b"scheduler = 1\n" * 800_000,
    "brackets": b"scheduler = " + b"(" * 100_000,
    "operators": b"scheduler = " + b"-" * 100_000 + b"1\n",
    "attributes": b"scheduler" + b".a" * 100_000 + b"\n",
    "indents": b"".join(b" " * i + b"if scheduler:\n" for i in range(150)),
    "number": b"scheduler = " + b"9" * 10_000 + b"\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_line_of_report(check, tmp_path, kind):
    (tmp_path / "bad.py").write_bytes(HOSTILE[kind])
    write(tmp_path, good_dot_py=LOGS)
    done = check(".", "--quiet")
    assert done.returncode == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] in (["bad.py", "good.py"], ["good.py"])
    if len(lines) == 1:
        assert kind in ("attributes", "operators", "number")  # Python may read these, and then nothing is wrong


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"cells": 3}',
        '{"cells": [{"cell_type": "code"}]}',
        "[" * 100_000,
        '{"cells": [{"cell_type": "code", "source": [1]}]}',
    ],
)
def test_a_broken_notebook_is_one_line_of_report(check, tmp_path, text):
    (tmp_path / "bad.ipynb").write_text(text)
    done = check("bad.ipynb", "--quiet")
    assert (done.returncode, done.stderr) == (1, "")
    assert re.fullmatch(
        r"bad\.ipynb:1:1 GS001 unreadable-file: the file cannot be checked: it is no notebook: .*\.\n", done.stdout
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_line_of_report(check, tmp_path):
    write(tmp_path, bad_dot_py=LOGS)
    (tmp_path / "bad.py").chmod(0)
    assert "Permission denied" in check("bad.py", "--quiet").stdout


# -- plans -------------------------------------------------------------------------------------------------------------


def test_a_schedule_is_checked_against_the_run_of_the_options(check):
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


def test_of_several_schedules_each_finding_says_which(check):
    done = check("MultiStepDecay([100])", "CosineDecay(10)", "--epochs", "50", "--format", "json")
    assert [each["message"].split(":")[0] for each in json.loads(done.stdout)] == [
        "MultiStepDecay([100], gamma=0.1)",
        "CosineDecay(10)",
    ]


def test_schedules_and_files_may_come_together(check, tmp_path):
    write(tmp_path, train_dot_py=LOGS)
    found = json.loads(check("train.py", "MultiStepDecay([100])", "--epochs", "50", "--format", "json").stdout)
    assert [(each["path"], each["code"]) for each in found] == [(None, "GS101"), ("train.py", "GS209")]


def test_a_file_with_the_name_of_a_schedule_is_a_file(check, tmp_path):
    (tmp_path / "StepDecay(3)").write_text(LOGS)
    assert check("StepDecay(3)").stdout.startswith("StepDecay(3):2:17 GS209")


# -- selection, settings, comments -------------------------------------------------------------------------------------


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
def test_rules_are_selected_and_ignored(check, arguments, codes):
    done = check("MultiStepDecay([30, 30, 100])", "--epochs", "50", "--format", "json", *arguments)
    assert [each["code"] for each in json.loads(done.stdout)] == codes
    assert done.returncode == bool(codes)


def test_the_project_selects_and_the_command_line_has_the_last_word(check, tmp_path):
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("scheduler.get_lr()  # glideslope: ignore\n", 0),
        ("scheduler.get_lr()  # glideslope: ignore[get-lr-for-logging]\n", 0),
        ("scheduler.get_lr()  # glideslope: ignore[GS101, GS209]\n", 0),
        ("scheduler.get_lr()  # glideslope: ignore[GS2]\n", 0),
        ("scheduler.get_lr()  # noqa: E501  # glideslope: ignore\n", 0),
        ("scheduler.get_lr()  # glideslope: ignore[GS101]\n", 1),
        ("scheduler.get_lr()  # glideslope: ignored\n", 1),
        ("scheduler.get_lr()  # glideslope: ignore[GS212\n", 1),
        ("scheduler.get_lr()  # glideslope: ignore(GS212)\n", 1),
        ("scheduler.get_lr()  # glideslope: ignore[]\n", 1),
        ("scheduler.get_lr()  # glideslope:ignore\nscheduler.get_lr()\n", 1),
        ("scheduler.get_lr(), '# glideslope: ignore'\n", 1),
        ("print(\n    scheduler.get_lr(),\n    1,\n)  # glideslope: ignore\n", 0),
        ("# glideslope: ignore-file\n" + LOGS, 0),
        ("# glideslope: ignore-file[GS209]\n" + LOGS, 0),
        ("# glideslope: ignore-file[GS101]\n" + LOGS, 1),
        ("'''\n# glideslope: ignore-file\n'''\n" + LOGS, 1),
        ("# glideslope: ignore\n" + LOGS, 1),
    ],
)
def test_a_comment_silences_a_rule_on_its_statement_or_in_its_file(check, text, found):
    assert len(json.loads(check("-", "--format", "json", stdin="scheduler = 1\n" + text).stdout)) == found


@pytest.mark.parametrize(
    "text", ["x = (\n# glideslope: ignore", "\\", "'''", "  a\n b", "\0 # glideslope: ignore", ")" * 9]
)
def test_comments_are_looked_for_also_in_what_is_no_python(text):
    suppressions("# glideslope: ignore\n" + text)


# -- formats -----------------------------------------------------------------------------------------------------------


def test_json_is_a_list_of_flat_objects(check, tmp_path):
    write(tmp_path, train_dot_py=LOGS)
    assert json.loads(check("train.py", "--format", "json").stdout) == [
        {
            "path": "train.py",
            "line": 2,
            "column": 17,
            "code": "GS209",
            "rule": "get-lr-for-logging",
            "message": "get_lr() is not the rate, it is 100 % its own.",
            "hint": "Ask get_last_lr().",
            "severity": "warning",
            "fixable": True,
        }
    ]
    write(tmp_path, train_dot_py=MENDED)
    assert check("train.py", "--format", "json").stdout == "[]\n"


def test_github_gets_annotations_with_escapes(check, tmp_path):
    (tmp_path / "a,b: 1%.py").write_text(LOGS)
    assert check("a,b: 1%.py", "--format", "github").stdout == (
        "::warning file=a%2Cb%3A 1%25.py,line=2,col=17,title=GS209 get-lr-for-logging::"
        "get_lr() is not the rate, it is 100 %25 its own. Ask get_last_lr().\n"
    )


# What the schema of SARIF 2.1.0 demands of the parts that are written here.
_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_ONE = {"type": "integer", "minimum": 1}
_REGION = {
    "type": "object",
    "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), _ONE),
    "additionalProperties": False,
}
_ARTIFACT = {
    "type": "object",
    "required": ["uri"],
    "properties": {"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": {"const": "ROOT"}},
    "additionalProperties": False,
}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {"required": ["driver"], "properties": {"driver": {"required": ["name"], "properties": {"rules": {
                        "uniqueItems": True,
                        "items": {"required": ["id"], "properties": {
                            "shortDescription": _TEXT, "fullDescription": _TEXT, "help": _TEXT,
                            "defaultConfiguration": {"properties": {"level": _LEVEL}},
                        }},
                    }}}}},
                    "results": {"type": "array", "items": {"required": ["message"], "properties": {
                        "message": _TEXT, "level": _LEVEL, "ruleIndex": {"type": "integer", "minimum": -1},
                        "locations": {"items": {"properties": {"physicalLocation": {"properties": {
                            "artifactLocation": _ARTIFACT, "region": _REGION,
                        }}}}},
                        "fixes": {"minItems": 1, "items": {"required": ["artifactChanges"], "properties": {"artifactChanges": {
                            "minItems": 1, "items": {"required": ["artifactLocation", "replacements"], "properties": {
                                "artifactLocation": _ARTIFACT,
                                "replacements": {"minItems": 1, "items": {"required": ["deletedRegion"], "properties": {"deletedRegion": _REGION, "insertedContent": _TEXT}}},
                            }},
                        }}}},
                    }}},
                },
            },
        },
    },
}  # fmt: skip


def test_sarif_has_the_rules_the_place_and_the_fix(check, tmp_path):
    write(tmp_path, src__my_train_dot_py="scheduler = 'é'; scheduler.get_lr()\n")
    (tmp_path / "src" / "my_train.py").rename(tmp_path / "src" / "my train.py")
    log = json.loads(check("src", "MultiStepDecay([100])", "--epochs", "50", "--format", "sarif").stdout)
    jsonschema.validate(log, _SARIF)
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert [each["id"] for each in driver["rules"]] == [rule.code for rule in rules()]
    plan, found = run["results"]
    assert driver["rules"][plan["ruleIndex"]]["id"] == plan["ruleId"] == "GS101"
    assert "locations" not in plan
    place = found["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "src/my%20train.py", "uriBaseId": "ROOT"},
        "region": {"startLine": 1, "startColumn": 28},
    }
    replacement = found["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement == {
        "deletedRegion": {"startLine": 1, "startColumn": 28, "endLine": 1, "endColumn": 36},
        "insertedContent": {"text": "get_last_lr()"},
    }


@pytest.mark.parametrize(("severity", "command", "level"), [("error", "error", "error"), ("info", "notice", "note")])
def test_a_severity_is_told_in_the_words_of_the_format(check, tmp_path, severity, command, level):
    write(tmp_path, train_dot_py=LOGS)
    (tmp_path / "pyproject.toml").write_text(f'[tool.glideslope.severity]\nget-lr-for-logging = "{severity}"\n')
    assert check("train.py", "--format", "github").stdout.startswith(f"::{command} file=train.py")
    (run,) = json.loads(check("train.py", "--format", "sarif").stdout)["runs"]
    assert run["results"][0]["level"] == level
    assert json.loads(check("train.py", "--json").stdout)[0]["severity"] == severity


@pytest.mark.parametrize(
    "layout", [{"indent": 1}, {"indent": 3}, {"separators": (",", ":")}, {"indent": 2, "crlf": True}]
)
def test_mending_a_notebook_leaves_its_layout_alone(check, tmp_path, layout):
    crlf = layout.get("crlf", False)
    style = {key: value for key, value in layout.items() if key != "crlf"}
    cells = [
        {"cell_type": "code", "source": ["x = 1\n", *LOGS.splitlines(keepends=True)]},
        {"cell_type": "markdown", "source": "é"},
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, **style) + "\n"
    text = text.replace("\n", "\r\n") if crlf else text
    (tmp_path / "n.ipynb").write_bytes(text.encode())
    assert check("n.ipynb", "--fix").returncode == 0
    assert (tmp_path / "n.ipynb").read_bytes().decode() == text.replace("get_lr", "get_last_lr")


# -- mending -----------------------------------------------------------------------------------------------------------


def test_fix_mends_and_says_what_is_left(check, tmp_path):
    write(tmp_path, train_dot_py=LOGS)
    done = check("train.py", "--fix")
    assert (done.returncode, done.stdout) == (0, "1 mended; nothing left; 1 looked at.\n")
    assert (tmp_path / "train.py").read_text() == MENDED


def test_diff_shows_what_fix_would_do_and_changes_nothing(check, tmp_path):
    write(tmp_path, train_dot_py=LOGS)
    done = check("train.py", "--diff")
    assert done.returncode == 1
    assert (tmp_path / "train.py").read_text() == LOGS
    patched = subprocess.run(["patch", "-p0", "-s"], input=done.stdout, text=True, cwd=tmp_path, check=False)
    assert patched.returncode == 0
    assert (tmp_path / "train.py").read_text() == MENDED
    assert (check("train.py", "--diff").returncode, check("train.py", "--diff").stdout) == (0, "")
    assert "+print(scheduler.get_last_lr())" in check("-", "--diff", stdin=LOGS).stdout


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LOGS.replace("\n", "\r\n").encode(), MENDED.replace("\n", "\r\n").encode()),
        (LOGS.replace("\n", "\r").encode(), MENDED.replace("\n", "\r").encode()),
        (b"\xef\xbb\xbf" + LOGS.encode(), b"\xef\xbb\xbf" + MENDED.encode()),
        (b"# coding: latin-1\n# \xe9\n" + LOGS.encode(), b"# coding: latin-1\n# \xe9\n" + MENDED.encode()),
        (LOGS.rstrip().encode(), MENDED.rstrip().encode()),
        (("# \x0c\u2028 scheduler\n" + LOGS).encode(), ("# \x0c\u2028 scheduler\n" + MENDED).encode()),
        (b"x = 1\r\n" + LOGS.encode(), b"x = 1\r\n" + MENDED.encode()),
        (b"scheduler = 1\ndel scheduler\n", b"scheduler = 1\n"),
        (b"scheduler = 1\ndel scheduler", b"scheduler = 1\n"),
        (b"a.get_lr(), b.get_lr()  # scheduler\n", b"a.get_last_lr(), b.get_last_lr()  # scheduler\n"),
    ],
)
def test_fix_keeps_what_it_does_not_mend(check, tmp_path, before, after):
    write(tmp_path, train_dot_py=before)
    (tmp_path / "train.py").chmod(0o750)
    assert check("train.py", "--fix", "--quiet").stdout == ""
    assert (tmp_path / "train.py").read_bytes() == after
    assert stat.S_IMODE((tmp_path / "train.py").stat().st_mode) == 0o750


def test_a_mending_that_would_leave_no_python_is_not_done(check, tmp_path):
    text = "def f(scheduler):\n    del scheduler\n"
    write(tmp_path, train_dot_py=text)
    done = check("train.py", "--fix")
    assert done.returncode == 1
    assert (tmp_path / "train.py").read_text() == text


def test_a_finding_that_is_silenced_is_not_mended(check, tmp_path):
    text = "scheduler.get_lr()  # glideslope: ignore\n"
    write(tmp_path, train_dot_py=text)
    assert check("train.py", "--fix").returncode == 0
    assert (tmp_path / "train.py").read_text() == text


def test_edits_that_touch_one_another_wait_for_the_next_round():
    assert apply("abc", [Edit(1, 0, 1, 1, "x"), Edit(1, 2, 1, 3, "z\n")]) == "xbz\n"


# -- notebooks ---------------------------------------------------------------------------------------------------------


def notebook(*cells: str | list[str], indent: int | None = 1) -> str:
    made = [{"cell_type": "markdown", "metadata": {}, "source": ["# scheduler.get_lr() é\n"]}]
    made += [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell} for cell in cells
    ]
    return (
        json.dumps(
            {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent, ensure_ascii=False
        )
        + "\n"
    )


CELLS = (
    ["%matplotlib inline\n", "!pip install torch\n", "scheduler = make()"],
    "%%bash\nscheduler.get_lr()",
    ["for x in y:\n", "    %time f(x)\n", "    print(scheduler.get_lr())\n"],
    "del scheduler",
)  # fmt: skip


def test_a_finding_in_a_notebook_says_its_cell(check, tmp_path):
    write(tmp_path, nb_dot_ipynb=notebook(*CELLS))
    lines = check("nb.ipynb", "--quiet").stdout.splitlines()
    assert [line.split(" GS")[0] for line in lines] == ["nb.ipynb:cell 4:3:21", "nb.ipynb:cell 5:1:1"]
    found = json.loads(check("nb.ipynb", "--format", "json").stdout)[0]
    assert (found["path"], found["line"], found["column"]) == ("nb.ipynb", 3, 21)
    assert found["message"].startswith("cell 4: ")
    assert check("nb.ipynb", "--format", "github").stdout.startswith("::warning file=nb.ipynb,title=GS209")
    log = json.loads(check("nb.ipynb", "--format", "sarif").stdout)
    assert log["runs"][0]["results"][0]["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "nb.ipynb", "uriBaseId": "ROOT"}}}
    ]


@pytest.mark.parametrize("indent", [1, 2, None])
def test_a_notebook_is_mended_in_its_cells_and_nowhere_else(check, tmp_path, indent):
    write(tmp_path, nb_dot_ipynb=notebook(*CELLS, indent=indent))
    assert check("nb.ipynb", "--fix", "--quiet").stdout == ""
    loop = ["for x in y:\n", "    %time f(x)\n", "    print(scheduler.get_last_lr())\n"]
    assert (tmp_path / "nb.ipynb").read_text() == notebook(CELLS[0], CELLS[1], loop, "", indent=indent)


def test_a_notebook_is_python_line_by_line():
    python = read_notebook(notebook(*CELLS)).python
    assert python.split("\n") == [
        "pass  # %matplotlib inline", "pass  # !pip install torch", "scheduler = make()",
        "#%%bash", "#scheduler.get_lr()",
        "for x in y:", "    pass  # %time f(x)", "    print(scheduler.get_lr())", "",
        "del scheduler",
    ]  # fmt: skip


# -- rules -------------------------------------------------------------------------------------------------------------


def test_rules_are_a_table_that_fits_a_terminal(check):
    lines = check(command="rules").stdout.splitlines()
    first = [line.split()[:2] for line in lines if not line.startswith(" ")]
    assert first == [[rule.code, rule.name] for rule in rules()]
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)


@pytest.mark.parametrize("which", ["GS109", "drop-too-harsh"])
def test_the_page_of_a_rule_has_its_headings(check, which):
    text = check(which, command="rules").stdout
    assert text.startswith("# GS109 drop-too-harsh\n")
    assert re.findall("## (.*)", text) == ["What it finds", "Why it is bad", "Example", "Use instead", "Fix"]


def test_rules_are_json_for_machines(check):
    (rule,) = json.loads(check("GS109", "--json", command="rules").stdout)
    assert list(rule) == ["code", "name", "severity", "finds", "why", "example", "instead", "fix"]
    assert len(json.loads(check("--json", command="rules").stdout)) == len(rules())


def test_a_rule_that_does_not_exist_is_an_error(check):
    done = check("GS999", command="rules")
    assert done.returncode == 2
    assert done.stderr.startswith("glideslope: rules must be given a code or a name, got 'GS999'.")


def test_the_hook_calls_the_command():
    text = (Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text()
    assert "entry: glideslope check" in text
    assert "additional_dependencies" in text


def test_the_help_says_what_is_a_path(check):
    assert "What exists, and what ends" in " ".join(check("--help").stdout.replace("│", " ").split())
