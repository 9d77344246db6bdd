"""Tasks of your own: what is read from a file, and what is said of one that is not as it must be."""

import re
from pathlib import Path

import pytest

from glideslope import ScheduleError
from glideslope.lab.task import ATTRIBUTES, TaskFile, check_task

TINY = '''
"""Dropout and logistic regression on made-up points: an epoch takes milliseconds, or TINY_SLEEP seconds."""
import os, time
import torch
from torch import nn

class Tiny:
    metric, mode, steps_per_epoch = "error", "min", 8

    def __init__(self, seed):
        self.seed = seed
        made_up = torch.Generator().manual_seed(7)
        self.x = torch.randn(256, 10, generator=made_up)
        self.y = (self.x[:, 0] + 0.5 * torch.randn(256, generator=made_up) > 0).long()
        self.model = nn.Sequential(nn.Linear(10, 16), nn.Dropout(0.3), nn.ReLU(), nn.Linear(16, 2))

    def batches(self, epoch):
        time.sleep(float(os.environ.get("TINY_SLEEP", "0")))
        if "TINY_LOG" in os.environ:
            with open(os.environ["TINY_LOG"], "a") as log:
                log.write(f"{self.seed} {epoch}\\n")
        order = torch.randperm(256, generator=torch.Generator().manual_seed(1000 * self.seed + epoch))
        for index in order.split(32):
            yield self.x[index], self.y[index]

    def loss(self, batch):
        return nn.functional.cross_entropy(self.model(batch[0]), batch[1])

    def evaluate(self):
        return {"error": float((self.model(self.x).argmax(1) != self.y).float().mean())}

make_task = Tiny
'''


def tiny(folder: Path, more: str = "", name: str = "tiny.py") -> str:
    """Write the tiny task, with ``more`` code below it, and return what --task takes."""
    path = folder / name
    path.write_text(TINY + more)
    return f"{path}:make_task"


def test_a_task_file_gives_its_task_and_may_import_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "my_neighbour_of_tiny.py").write_text("UNIT = 'parts'\n")
    text = tiny(tmp_path, "from my_neighbour_of_tiny import UNIT\nTiny.unit = UNIT\n", "with_neighbour.py")
    task = TaskFile.parse(text).maker()(3)
    assert (task.metric, task.mode, task.steps_per_epoch, task.unit) == ("error", "min", 8, "parts")  # type: ignore[attr-defined]


def test_a_task_file_may_have_the_name_of_a_library(tmp_path: Path) -> None:
    TaskFile.parse(tiny(tmp_path, name="json.py")).maker()(0)
    import json

    assert json.loads("[1]") == [1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tiny.py", "--task must be FILE.py:FUNCTION, such as my_task.py:make_task, got 'tiny.py'."),
        ("tiny:make_task", "--task must be FILE.py:FUNCTION, such as my_task.py:make_task, got 'tiny:make_task'."),
        ("tiny.py:1", "--task must be FILE.py:FUNCTION, such as my_task.py:make_task, got 'tiny.py:1'."),
        ("absent.py:make_task", "--task must name a file that is there, got 'absent.py'."),
    ],
)
def test_a_task_that_cannot_be_found_is_refused(text: str, message: str) -> None:
    with pytest.raises(ScheduleError, match=f"^{re.escape(message)}$"):
        TaskFile.parse(text)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("x = 1\n", r"must have a function `make_task`, got none\."),
        ("def make_tusk(seed): ...\n", r"`make_task`, got none\. Did you mean `make_tusk`\?"),
        ("make_task = 3\n", r"--task: `make_task` must be a function of a seed, got 3\."),
        ("x = 1\n1 / 0\n", r"bad\.py must run, got ZeroDivisionError: division by zero \(line 2\)\."),
        ("x = 1\ndef (\n", r"bad\.py must run, got SyntaxError: invalid syntax \(bad\.py, line 2\)\."),
        ("import no_such_library\n", r"must run, got ModuleNotFoundError: .* \(line 1\)\."),
    ],
)
def test_a_task_file_that_does_not_run_or_lacks_the_function_is_refused(
    tmp_path: Path, code: str, message: str
) -> None:
    (tmp_path / "bad.py").write_text(code)
    with pytest.raises(ScheduleError, match=message):
        TaskFile.parse(f"{tmp_path}/bad.py:make_task").maker()


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_the_attribute_that_a_task_lacks_is_named(tmp_path: Path, name: str) -> None:
    task = TaskFile.parse(tiny(tmp_path)).maker()(0)
    if name in vars(task):
        delattr(task, name)
    else:
        delattr(type(task), name)
    with pytest.raises(ScheduleError, match=rf"make_task\(0\) must return a task with `{name}`, got .* without it\."):
        check_task(task, "make_task(0)")


@pytest.mark.parametrize(
    ("name", "value", "must"),
    [
        ("model", 3, "be a torch.nn.Module"),
        ("steps_per_epoch", 0, "be a whole number >= 1"),
        ("steps_per_epoch", 8.0, "be a whole number >= 1"),
        ("metric", None, "be the name of a metric"),
        ("mode", "best", 'be one of "max", "min"'),
        ("batches", [], "be a method"),
        ("optimizer", 3, "be a method"),
    ],
)
def test_an_attribute_that_is_not_as_it_must_be_is_named(tmp_path: Path, name: str, value: object, must: str) -> None:
    task = TaskFile.parse(tiny(tmp_path)).maker()(0)
    setattr(task, name, value)
    with pytest.raises(ScheduleError, match=re.escape(f"here: `{name}` must {must}, got {value!r}.")):
        check_task(task, "here")
