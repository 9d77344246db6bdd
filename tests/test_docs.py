"""The examples of the pages run, and print what the pages say they print.

In a page: a ``python`` block runs, in one namespace for the whole page and in an empty directory; a ``text`` block
straight after it is what it prints; one with ``>>>`` is a doctest. In a ``console`` block every ``$ glideslope show``,
``check`` and ``rules`` runs, and the lines under it are its output, where a line of three dots stands for any number of
lines. A block under ``<!-- not run: why -->`` is only read for its syntax.
"""

import ast
import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler as them

import glideslope as gs
from glideslope import lr_scheduler as ours
from glideslope.torch import Scheduler

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ["../README.md", *sorted(path.name for path in DOCS.glob("*.md"))]
NAME = "page"
COMMANDS = ("glideslope show", 'glideslope check "', "glideslope rules")
"""The commands that are run: those that need nothing but themselves."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its text is the lines ``begin <= i < end``, counted from 0."""

    language: str
    begin: int
    end: int
    text: str
    skipped: bool
    output: str | None = None
    """What a python block prints: the text block straight after it."""


def fences(lines: list[str]) -> Iterator[Block]:
    """Every fenced block, by itself."""
    begin, language = None, ""
    for number, line in enumerate(lines):
        if begin is None and (match := re.fullmatch(r"```(\w+)", line)):
            begin, language = number + 1, match[1]
        elif begin is not None and line == "```":
            skipped = begin > 1 and lines[begin - 2].startswith("<!-- not run:")
            yield Block(language, begin, number, "\n".join(lines[begin:number]), skipped)
            begin = None
    assert begin is None, f"the block that begins in line {begin} has no end"


def blocks(page: str) -> list[Block]:
    """Every block; a python block knows its output."""
    lines = page.split("\n")
    found = list(fences(lines))
    out = []
    for block, after in zip_longest(found, found[1:]):
        prints = block.language == "python" and after is not None and after.language == "text"
        between = "" if after is None else "".join(lines[block.end + 1 : after.begin - 1])
        out.append(replace(block, output=after.text) if prints and not between.strip() else block)
    return out


def read(name: str) -> list[Block]:
    return blocks((DOCS / name).read_text(encoding="utf-8"))


def is_doctest(block: Block) -> bool:
    return block.text.startswith(">>>")


def fresh_module() -> types.ModuleType:
    """The namespace of a page: a module, because a dataclass looks its own module up."""
    return types.ModuleType(NAME)


def run_block(block: Block, module: types.ModuleType, file: str) -> str:
    """Run one python block and return what it prints; its errors carry the line of the page."""
    printed = io.StringIO()
    code = compile("\n" * block.begin + block.text, file, "exec")
    with contextlib.redirect_stdout(printed):
        exec(code, vars(module))
    return printed.getvalue()


def run_doctest(block: Block, module: types.ModuleType, file: str) -> None:
    example = doctest.DocTestParser().get_doctest(block.text + "\n", {}, file, file, block.begin)
    example.globs = vars(module)
    complaints: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=complaints.append, clear_globs=False)
    assert result.failed == 0, "".join(complaints)


@pytest.mark.parametrize("name", PAGES)
def test_the_python_of_a_page_runs_and_prints_what_the_page_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    module = fresh_module()
    monkeypatch.setitem(sys.modules, NAME, module)
    for block in (each for each in read(name) if each.language == "python"):
        where = f"{name}:{block.begin}"
        if block.skipped:
            ast.parse(block.text)
        elif is_doctest(block):
            run_doctest(block, module, where)
        else:
            printed = run_block(block, module, where)
            if block.output is not None:
                assert printed == block.output + "\n", f"{where} prints something else than the page says"


def commands() -> Iterator[Any]:
    for name in PAGES:
        for block in read(name):
            if block.language == "console" and not block.skipped:
                for part in re.split(r"(?m)^\$ ", block.text)[1:]:
                    command, _, output = part.replace("\\\n", " ").partition("\n")
                    if command.startswith(COMMANDS):
                        yield pytest.param(command, output, id=f"{name}:{block.begin}")


@pytest.mark.parametrize(("command", "output"), list(commands()))
def test_the_commands_of_a_page_run_and_print_what_the_page_says(command: str, output: str, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("glideslope")
    done = subprocess.run(
        [program, *shlex.split(command)[1:]],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    found = command.startswith("glideslope check") and not done.stdout.startswith("nothing found")
    assert done.returncode == int(found), done.stderr
    if output.strip():
        lines = [
            r"(?:.*\n)*?" if line == "..." else re.escape(line) + r" *\n" for line in output.strip("\n").split("\n")
        ]
        assert re.fullmatch("".join(lines) + r"\n*", done.stdout), done.stdout


def rows(page: str, header: str) -> list[list[str]]:
    """The cells of the first table of a page that begins with a header."""
    lines = (DOCS / page).read_text(encoding="utf-8").split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(header))
    out = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        out.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return out


TABLE = rows("from-torch.md", "| in torch | as a value |")


def lrs(make: Callable[[torch.optim.Optimizer], Any], steps: int) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's schedulers call their own deprecated methods
        scheduler = make(optimizer)
        out = []
        for _ in range(steps):
            out.append(float(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            scheduler.step()
    return out


@pytest.mark.parametrize(
    ("theirs", "value", "same"), [row for row in TABLE if row[1].startswith("`")], ids=lambda cell: cell.strip("`")[:60]
)
def test_the_value_in_the_table_is_the_curve_of_the_torch_class(theirs: str, value: str, same: str) -> None:
    steps = 200 if same == "all t" else int(same.removeprefix("t < "))
    schedule = eval(value.strip("`"), {"gs": gs})
    expected = lrs(lambda optimizer: eval(theirs.strip("`"), {**vars(them), "optimizer": optimizer}), steps)
    assert lrs(lambda optimizer: Scheduler(optimizer, schedule), steps) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_page_names_every_class_of_torch() -> None:
    assert {re.match(r"`?(\w+)", row[0])[1] for row in TABLE} == set(them.__all__)  # type: ignore[index]
    classes = {name for name in ours.__all__ if isinstance(getattr(ours, name), type)}
    assert classes == {*them.__all__, "SWALR"}
    assert {row[0].strip("`") for row in rows("from-torch.md", "| class |")} == classes


@pytest.mark.parametrize(
    ("name", "curve"),
    [(row[0].strip("`"), row[1]) for row in rows("from-torch.md", "| class |")],
)
def test_the_page_says_which_curve_a_class_follows(name: str, curve: str) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    first: dict[str, Any] = {
        "StepLR": 3, "MultiStepLR": [3], "ExponentialLR": 0.9, "CosineAnnealingLR": 3, "SWALR": 0.01, "LambdaLR": abs,
        "MultiplicativeLR": abs, "CosineAnnealingWarmRestarts": 3,
    }  # fmt: skip
    more = {
        "CyclicLR": {"base_lr": 0.1, "max_lr": 0.2, "cycle_momentum": False},
        "OneCycleLR": {"max_lr": 0.1, "total_steps": 9, "cycle_momentum": False},
    }
    if name in ("LRScheduler", "SequentialLR", "ChainedScheduler"):
        return
    arguments = (first[name],) if name in first else ()
    scheduler = getattr(ours, name)(optimizer, *arguments, **more.get(name, {}))
    if curve == "a function" or name == "ReduceLROnPlateau":
        with pytest.raises(gs.ScheduleError, match="schedule must"):
            _ = scheduler.schedule
    else:
        assert f"{{class}}`~glideslope.{type(scheduler.schedule).__name__}`" == curve


def test_what_is_mended_is_what_the_tests_of_the_complaints_say() -> None:
    """Both columns: the symptom is the name of a test, what happens here its docstring."""
    module = ast.parse((Path(__file__).parent / "test_complaints.py").read_text(encoding="utf-8"))
    said = {
        each.name.removeprefix("test_"): (ast.get_docstring(each) or "").removeprefix("Here: ")
        for each in module.body
        if isinstance(each, ast.FunctionDef) and (ast.get_docstring(each) or "").startswith("Here: ")
    }

    def letters(text: str) -> str:
        return re.sub(r"[^a-z0-9]", "", text.lower())

    table = {letters(symptom): letters(here) for symptom, here in rows("from-torch.md", "| in torch | here |")}
    assert len(said) >= 40
    assert table == {letters(symptom): letters(here) for symptom, here in said.items()}


def test_the_published_recipes_are_schedules_that_read() -> None:
    found = rows("choose.md", "| paper |")
    assert len(found) > 5
    for row in found:
        assert repr(gs.parse(row[-1].strip("`"))) == row[-1].strip("`")


def test_a_plateau_beside_a_drop_in_multiplies_and_beside_a_scheduler_is_overwritten() -> None:
    def run(make: Callable[[torch.optim.Optimizer], Any]) -> float:
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
        plateau = them.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
        scheduler = make(optimizer)
        for metric in (1.0, 2.0, 3.0):
            optimizer.step()
            plateau.step(metric)
            scheduler.step()
        return float(optimizer.param_groups[0]["lr"])

    assert run(lambda optimizer: ours.StepLR(optimizer, 2)) == pytest.approx(0.1 * 0.5**2 * 0.1)
    with pytest.warns(UserWarning, match="was set to 0.05 by something else and is overwritten"):
        assert run(lambda optimizer: Scheduler(optimizer, gs.StepDecay(2))) == pytest.approx(0.1 * 0.1)
