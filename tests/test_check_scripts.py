"""``glideslope check`` on a small project as it lies on the disk: the installed command, with every rule."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("glideslope"))

TRAIN = """\
import torch
from torch.optim.lr_scheduler import LambdaLR, MultiStepLR

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = MultiStepLR(optimizer, milestones=[30, 100], verbose=True)
for epoch in range(90):
    for batch in loader:
        optimizer.step()
    print("é", epoch, scheduler.get_lr()[0])
    scheduler.step(epoch)
"""
GAN = """\
import torch

def train(generator, critic, loader):
    one = torch.optim.Adam(generator.parameters())
    two = torch.optim.Adam(critic.parameters())
    ramp = torch.optim.lr_scheduler.LambdaLR(one, lambda step: min(1, step / 1000))
    for batch in loader:
        two.step()
        ramp.step()
        one.step()
"""
MENDED = {
    "train.py": TRAIN.replace(", verbose=True", "").replace("get_lr", "get_last_lr").replace("step(epoch)", "step()"),
    "src/gan.py": GAN.replace("ramp.step()\n        one.step()", "one.step()\n        ramp.step()"),
}
FOUND = [
    ("train.py", 5, "GS205", False),
    ("train.py", 5, "GS218", True),
    ("train.py", 9, "GS212", True),
    ("train.py", 10, "GS211", True),
    ("src/gan.py", 9, "GS201", True),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "train.py").write_text(TRAIN, encoding="utf-8", newline="\r\n")
    (tmp_path / "src" / "gan.py").write_text(GAN, encoding="utf-8")
    (tmp_path / "clean.py").write_text("scheduler = None\n", encoding="utf-8")
    return tmp_path


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([COMMAND, "check", *arguments], capture_output=True, cwd=folder, check=False)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_project_is_checked_in_one_go(project: Path) -> None:
    done = check(project, ".", "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert [(each["path"], each["line"], each["code"], each["fixable"]) for each in found] == FOUND
    text = check(project, "train.py", "src").stdout.splitlines()
    assert text[0] == (
        "train.py:5:13 GS205 milestone-never-reached: milestone 100 is never reached: the loop of line 6 has 90 epochs."
        " Take it out, or move it before the end."
    )
    assert text[-1] == "5 found; 4 can be mended with --fix; 2 looked at."


def test_what_the_diff_shows_is_what_fix_does_and_git_can_apply_it(project: Path, tmp_path_factory) -> None:
    shown = check(project, ".", "--diff")
    assert shown.returncode == 1
    copy = tmp_path_factory.mktemp("copy")
    subprocess.run(["cp", "-r", f"{project}/.", str(copy)], check=True)
    patch = subprocess.run([COMMAND, "check", ".", "--diff"], capture_output=True, cwd=copy, check=False).stdout
    subprocess.run(["git", "apply", "-p0", "-"], input=patch, cwd=copy, check=True)
    done = check(project, ".", "--fix")
    assert done.stdout.splitlines()[-1] == "4 mended; 1 found; 3 looked at."
    for name, text in MENDED.items():
        expected = text.replace("\n", "\r\n") if name == "train.py" else text
        for folder in (project, copy):
            assert (folder / name).read_bytes().decode() == expected
    assert check(project, ".", "--diff").stdout == ""


def test_sarif_has_the_pages_of_the_rules_and_the_fixes(project: Path) -> None:
    run = json.loads(check(project, ".", "--format", "sarif").stdout)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [code for _, _, code, _ in FOUND]
    assert [bool(each.get("fixes")) for each in run["results"]] == [fixable for _, _, _, fixable in FOUND]
    place = run["results"][2]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "train.py"
    assert place["region"]["startLine"] == 9


def test_rules_are_chosen_and_silenced(project: Path) -> None:
    script = project / "train.py"
    script.write_text(TRAIN.replace("get_lr()[0])", "get_lr()[0])  # noqa: T201  # glideslope: ignore[GS212]"))
    (project / "pyproject.toml").write_text('[tool.glideslope]\nignore = ["removed-argument"]\nexclude = ["src"]\n')
    codes = [each["code"] for each in json.loads(check(project, ".", "--format", "json").stdout)]
    assert codes == ["GS205", "GS211"]
    assert check(project, ".", "--select", "GS201").returncode == 0


def test_nothing_of_a_script_is_imported_or_run(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text("import side_effect\nopen('run', 'w')\nscheduler = 1\n")
    (tmp_path / "side_effect.py").write_text("open('imported', 'w')\n")
    assert check(tmp_path, "train.py").returncode == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["side_effect.py", "train.py"]
