"""What `compare` costs over a bare loop written by hand: ``make bench``."""

import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.optim.lr_scheduler import StepLR

from glideslope.lab.cell import run_cell
from glideslope.lab.plan import Cell, Entry, Plan, fingerprint
from glideslope.lab.store import Store
from glideslope.lab.task import Source, TaskFile
from glideslope.lab.vision import ImageSource

BAR = 1.05
EPOCHS = 2
SMALL = """
import torch

class Small:
    '''A thousand steps of a fifth of a millisecond: little to hide behind.'''

    steps_per_epoch, metric, mode = 1000, "error", "min"

    def __init__(self, seed):
        self.x, self.y = torch.randn(32, 10), torch.randn(32, 1)
        self.model = torch.nn.Sequential(torch.nn.Linear(10, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))

    def batches(self, epoch):
        for _ in range(1000):
            yield self.x, self.y

    def loss(self, batch):
        return torch.nn.functional.mse_loss(self.model(batch[0]), batch[1])

    def evaluate(self):
        return {"error": float(self.loss((self.x, self.y)))}
"""


@pytest.fixture
def one_thread() -> Iterator[None]:
    """As in a cell."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def bare(source: Source) -> float:
    """The same training as one would write it: same task, torch's own scheduler, nothing written to disk."""
    make = source.maker()
    torch.manual_seed(0)
    task: Any = make(0)
    optimizer = torch.optim.SGD(task.model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
    scheduler = StepLR(optimizer, task.steps_per_epoch, gamma=0.5)
    for epoch in range(EPOCHS):
        task.model.train()
        total = 0.0
        for batch in task.batches(epoch):
            loss = task.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            total += loss.item()
        task.model.eval()
        with torch.no_grad():
            metrics = task.evaluate()
    return float(metrics[task.metric])


def harness(source: Source, folder: Path) -> float:
    """The cell as `compare` runs it: checkpoints, progress, locks, result."""
    optimizer = "SGD(lr=0.1, momentum=0.9, weight_decay=0.0005)"
    plan = Plan((Entry.parse("step=StepDecay('1ep', gamma=0.5)"),), source, 1, EPOCHS, optimizer=optimizer)
    store, cell, identity = Store(folder), Cell("step", 0), fingerprint(plan.identity())
    shutil.rmtree(folder, ignore_errors=True)
    store.create()
    with store.lock():
        run_cell(plan, identity, cell, folder, owner=0)
        result = store.result(cell, identity)
    assert result is not None
    return float(result["final"])


@pytest.mark.parametrize(("task", "rounds"), [("small", 15), ("cnn", 7)])
def test_the_harness_costs_at_most_5_percent_over_a_bare_loop(
    task: str, rounds: int, benchmark: Any, tmp_path: Path, one_thread: None
) -> None:
    (tmp_path / "small.py").write_text(SMALL)
    source = TaskFile(str(tmp_path / "small.py"), "Small") if task == "small" else ImageSource("fashion", 128)
    assert bare(source) == harness(source, tmp_path / "run")  # the same training, to the last bit
    seconds: dict[str, list[float]] = {"bare": [], "harness": []}
    for turn in range(2 * rounds):
        name = ("bare", "harness", "harness", "bare")[turn % 4]
        begin = time.perf_counter()
        bare(source) if name == "bare" else harness(source, tmp_path / "run")
        seconds[name].append(time.perf_counter() - begin)
    least = {name: min(values) for name, values in seconds.items()}  # what a busy machine has disturbed least
    ratio = least["harness"] / least["bare"]
    medians = statistics.median(seconds["harness"]) / statistics.median(seconds["bare"])
    benchmark.extra_info.update(ratio=round(ratio, 4), ratio_of_medians=round(medians, 4), bar=BAR, **least)
    benchmark.pedantic(lambda: None)
    times = f"harness {least['harness']:.3f} s, bare {least['bare']:.3f} s for {EPOCHS} epochs"
    print(f"  {task}: {times}: ratio {ratio:.4f} (bar {BAR}), of medians {medians:.4f}")
    assert ratio <= BAR
