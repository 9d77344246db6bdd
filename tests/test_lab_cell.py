"""One training: the textbook loop to the last bit, also after a stop, and what is said of one that goes wrong."""

import math
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.optim.lr_scheduler import StepLR

from glideslope.lab.cell import run_cell
from glideslope.lab.early_stop import EarlyStop
from glideslope.lab.plan import Cell, Entry, Plan, fingerprint
from glideslope.lab.store import Store
from glideslope.lab.task import TaskFile
from glideslope.lab.vision import ImageSource
from test_lab_task import tiny


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Lab:
    """A task file and a folder, and the trainings that are run on them."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.task = TaskFile.parse(tiny(folder, more))
        self.folder = folder / "run"

    def plan(self, schedule: str = "Constant()", **more: Any) -> Plan:
        settings = {"seeds": 2, "epochs": 4, "optimizer": "SGD(lr=0.5, momentum=0.9)"} | more
        return Plan((Entry.parse(f"a={schedule}"),), self.task, **settings)

    def run(self, schedule: str = "Constant()", seed: int = 0, folder: str = "run", **more: Any) -> dict[str, Any]:
        plan, cell = self.plan(schedule, **more), Cell("a", seed)
        store = Store(self.folder.with_name(folder))
        store.create()
        with store.lock():
            self.notes = run_cell(plan, fingerprint(plan.identity()), cell, store.folder, os.getpid())
        result = store.result(cell, fingerprint(plan.identity()))
        assert result is not None
        return result


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def by_hand(make: Any, seed: int, epochs: int, per: str) -> list[tuple[float, float]]:
    """The textbook's loop, with torch's own scheduler: (mean training loss, metric) of each epoch."""
    torch.manual_seed(seed)
    task = make(seed)
    optimizer = torch.optim.SGD(task.model.parameters(), lr=0.5, momentum=0.9)
    scheduler = StepLR(optimizer, 1 if per == "epoch" else task.steps_per_epoch, gamma=0.5)
    out = []
    for epoch in range(epochs):
        task.model.train()
        losses = []
        for batch in task.batches(epoch):
            loss = task.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if per == "step":
                scheduler.step()
            losses.append(loss.item())
        if per == "epoch":
            scheduler.step()
        task.model.eval()
        with torch.no_grad():
            out.append((math.fsum(losses) / len(losses), task.evaluate()[task.metric]))
    return out


@pytest.mark.parametrize(("per", "look_every"), [("step", 50), ("step", 3), ("epoch", 4)])
def test_a_cell_is_the_textbook_loop_to_the_last_bit(
    lab: Lab, per: str, look_every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glideslope.lab.cell.LOOK_EVERY", look_every)
    found = lab.run("StepDecay('1ep', gamma=0.5)", seed=1, per=per)
    theirs = by_hand(lab.task.maker(), 1, 4, per)
    assert [row["metrics"]["error"] for row in found["history"]] == [metric for _, metric in theirs]
    assert [row["train_loss"] for row in found["history"]] == pytest.approx([loss for loss, _ in theirs], rel=1e-14)
    assert [row["lr"] for row in found["history"]] == [0.5, 0.25, 0.125, 0.0625]


def test_a_seed_has_the_same_weights_and_batches_under_every_schedule(lab: Lab) -> None:
    a = lab.run("Constant()", folder="a")["history"]
    b = lab.run("MultiStepDecay(['1ep'])", folder="b")["history"]
    other = lab.run("Constant()", seed=1, folder="a")["history"]
    assert a[0] == b[0]
    assert a[1] != b[1]
    assert a[0] != other[0]


STOP = """
import os
def evaluate(self, inner=Tiny.evaluate):
    torch.rand(1)  # the random state goes on in evaluate, too
    self.epoch = getattr(self, "epoch", 0) + 1
    if os.environ.get("TINY_STOP") == str(self.epoch):
        raise KeyboardInterrupt
    return inner(self)
Tiny.evaluate = evaluate
"""


@pytest.mark.parametrize("optimizer", ["SGD(lr=0.5, momentum=0.9)", "AdamW(lr=0.01)"])
@pytest.mark.parametrize("per", ["step", "epoch"])
def test_a_training_stopped_again_and_again_ends_as_one_that_never_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, optimizer: str, per: str
) -> None:
    lab = Lab(tmp_path, STOP)
    settings: dict[str, Any] = {"schedule": "CosineDecay('5ep').warmup('1ep')", "optimizer": optimizer, "per": per}
    never = lab.run(folder="never", epochs=5, **settings)
    monkeypatch.setenv("TINY_STOP", "2")  # one epoch is saved, the second is lost: four times
    for stop in range(4):
        with pytest.raises(KeyboardInterrupt):
            lab.run(epochs=5, **settings)
        assert Store(lab.folder).progress(Cell("a", 0))[0] == stop + 1  # type: ignore[index]
    monkeypatch.delenv("TINY_STOP")
    again = lab.run(epochs=5, **settings)
    assert lab.notes == []
    assert {**again, "seconds": 0} == {**never, "seconds": 0}


def first_weights(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith("/data/0")))


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other"])
def test_a_damaged_checkpoint_is_noticed_and_the_cell_trained_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    lab = Lab(tmp_path, STOP)
    never = lab.run(folder="never")
    monkeypatch.setenv("TINY_STOP", "3")
    with pytest.raises(KeyboardInterrupt):
        lab.run()
    monkeypatch.delenv("TINY_STOP")
    path = Store(lab.folder).cell_file(Cell("a", 0), ".pt")
    whole = path.read_bytes()
    at = whole.index(first_weights(path)) + 100
    path.write_bytes(
        {
            "cut": whole[:-100],
            "empty": b"",
            "other": whole,
            "flipped": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
        }[damage]
    )
    again = lab.run(**({"epochs": 3} if damage == "other" else {}))
    assert len(lab.notes) == 1
    assert re.search(r"a-seed0\.pt does not read \(.+\): a, seed 0 was trained again from its beg", lab.notes[0])
    if damage != "other":
        assert {**again, "seconds": 0} == {**never, "seconds": 0}


NAN = """
def loss(self, batch, inner=Tiny.loss):
    self.step = getattr(self, "step", -1) + 1
    return inner(self, batch) * (float("nan") if self.step == 13 else 1)
Tiny.loss = loss
"""


@pytest.mark.parametrize("look_every", [1, 3, 50])
def test_a_loss_that_is_nan_ends_the_cell_as_diverged_at_the_very_step(
    tmp_path: Path, look_every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glideslope.lab.cell.LOOK_EVERY", look_every)
    found = Lab(tmp_path, NAN).run()
    assert found["status"] == "diverged"
    assert found["error"] == "the loss was nan in epoch 2, after 13 steps"
    assert found["at"] == {"epoch": 2, "step": 13, "what": "the loss", "value": "nan"}
    assert [row["epoch"] for row in found["history"]] == [1]
    assert "final" not in found


def test_a_task_that_chokes_on_a_nan_has_diverged(tmp_path: Path) -> None:
    choke = """
def checked(self, batch, inner=Tiny.loss):
    assert all(p.isfinite().all() for p in self.model.parameters())
    return inner(self, batch)
Tiny.loss = checked
"""
    assert Lab(tmp_path, NAN + choke).run()["status"] == "diverged"


def test_a_metric_that_is_nan_ends_the_cell_as_diverged(tmp_path: Path) -> None:
    found = Lab(tmp_path, 'Tiny.evaluate = lambda self: {"error": float("nan")}\n').run()
    assert (found["status"], found["error"]) == ("diverged", "the error was nan in epoch 1, after 8 steps")


def test_a_weight_that_is_nan_after_the_very_last_step_has_diverged_too(tmp_path: Path) -> None:
    """The last loss is finite; only what the model then says is not."""
    plan = Plan((Entry.parse("a=PiecewiseConstant([14], [1.0, 1e30])"),), ImageSource("digits", 100), 1, 1)
    store = Store(tmp_path / "run")
    store.create()
    with store.lock():
        run_cell(plan, fingerprint(plan.identity()), Cell("a", 0), store.folder, os.getpid())
    result = store.result(Cell("a", 0), fingerprint(plan.identity()))
    assert result is not None
    assert result["status"] == "diverged"
    assert "the accuracy was nan in epoch 1, after 15 steps" in result["error"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("def loss(self, batch): raise RuntimeError('no luck')\nTiny.loss = loss\n", "RuntimeError: no luck"),
        ("def loss(self, batch): raise SystemExit(3)\nTiny.loss = loss\n", "SystemExit: 3"),
        ("Tiny.loss = lambda self, batch: 0.5\n", "AttributeError: 'float' object has no attribute 'backward'"),
        ("Tiny.steps_per_epoch = 9\n", "ScheduleError: task: `batches(0)` must give as many batches as `steps_per_epoch` says, 9, got 8."),
        ("Tiny.evaluate = lambda self: {}\n", "ScheduleError: task: `evaluate()` must return the metric `error`, got []."),
        ("def make_task(seed): raise OSError('no data')\n", "OSError: no data"),
    ],
)  # fmt: skip
def test_a_task_that_raises_fails_its_cell_with_the_traceback(tmp_path: Path, code: str, error: str) -> None:
    found = Lab(tmp_path, code).run()
    assert (found["status"], found["error"]) == ("failed", error)
    assert found["traceback"].startswith("Traceback (most recent call last):")
    assert error.rpartition(": ")[2] in found["traceback"]


def test_a_cell_stops_early_and_says_after_which_epoch(tmp_path: Path) -> None:
    code = """
VALUES = iter([0.5, 0.25, 0.375, 0.3125, 0.125])
Tiny.evaluate = lambda self: {"error": next(VALUES)}
"""
    found = Lab(tmp_path, code).run(epochs=9, early_stop=EarlyStop(2))
    assert (found["status"], found["epochs"], found["stopped_early"]) == ("done", 4, 4)
    assert (found["final"], found["best"], found["best_epoch"]) == (0.3125, 0.25, 2)


def test_a_cell_that_has_ended_leaves_its_result_and_nothing_else(lab: Lab) -> None:
    lab.run()
    assert [path.name for path in (lab.folder / "cells").iterdir()] == ["a-seed0.json"]


def test_an_optimizer_is_the_entrys_own_else_the_commands_else_the_tasks(tmp_path: Path) -> None:
    own = "Tiny.optimizer = lambda self: torch.optim.SGD(self.model.parameters(), lr=0.25)\n"
    lab = Lab(tmp_path, own)
    rates = [
        lab.run(schedule, folder=folder, optimizer=optimizer, epochs=1)["history"][0]["lr"]
        for schedule, optimizer, folder in (
            ("Constant() @ SGD(lr=1.0)", "SGD(lr=0.5)", "one"),
            ("Constant()", "SGD(lr=0.5)", "two"),
            ("Constant()", None, "three"),
        )
    ]
    assert rates == [1.0, 0.5, 0.25]
