"""What `compare` costs over a bare loop written by hand: ``make bench``."""

import shutil
import statistics
import time
from pathlib import Path
from typing import Any

import torch
from torch.optim.lr_scheduler import StepLR

from glideslope.lab.cell import run_cell
from glideslope.lab.plan import Cell, Entry, Plan, fingerprint
from glideslope.lab.store import Store
from glideslope.lab.vision import ImageSource

BAR = 1.05
EPOCHS, ROUNDS = 2, 7
SOURCE = ImageSource("fashion", 128)


def bare() -> float:
    """The same training as one would write it: same task, torch's own scheduler, nothing written to disk."""
    make = SOURCE.maker()
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
    return float(metrics["accuracy"])


def harness(folder: Path) -> float:
    """The cell as `compare` runs it: checkpoints, progress, locks, result."""
    plan = Plan((Entry.parse("step=StepDecay('1ep', gamma=0.5)"),), SOURCE, seeds=1, epochs=EPOCHS)
    store, cell = Store(folder), Cell("step", 0)
    shutil.rmtree(folder, ignore_errors=True)
    store.create()
    with store.lock():
        identity = fingerprint(plan.identity())
        run_cell(plan, identity, cell, folder, owner=0)
        result = store.result(cell, identity)
    assert result is not None
    return float(result["final"])


def test_the_harness_costs_at_most_5_percent_over_a_bare_loop(benchmark: Any, tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as in a cell
    try:
        assert bare() == harness(tmp_path / "run")  # the same training, to the last bit
        seconds: dict[str, list[float]] = {"bare": [], "harness": []}
        for turn in range(2 * ROUNDS):
            name = ("bare", "harness", "harness", "bare")[turn % 4]
            begin = time.perf_counter()
            bare() if name == "bare" else harness(tmp_path / "run")
            seconds[name].append(time.perf_counter() - begin)
    finally:
        torch.set_num_threads(threads)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ratio = medians["harness"] / medians["bare"]
    quietest = min(seconds["harness"]) / min(seconds["bare"])  # what a busy machine disturbs least
    benchmark.extra_info.update(ratio=round(ratio, 4), ratio_of_minima=round(quietest, 4), bar=BAR, **medians)
    benchmark.pedantic(lambda: None)
    times = f"harness {medians['harness']:.3f} s, bare {medians['bare']:.3f} s for {EPOCHS} epochs"
    print(f"  {times}: ratio of medians {ratio:.4f}, of minima {quietest:.4f} (bar {BAR})")
    assert ratio <= BAR
