"""One cell: a model trained from one seed under one schedule, by the textbook loop."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._check import ScheduleError, plain_number
from . import optimizers
from .checkpoint import Checkpoint, Progress, seed_all
from .plan import Cell, Plan, fingerprint
from .store import DamagedError, Store
from .task import Task

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer

    from ..torch import Scheduler

LOOK_EVERY = 50
"""Steps between two looks at the losses. A look waits for the device; the step that diverged is found exactly."""


class DivergedError(Exception):
    """The loss or the metric is not finite any more."""

    def __init__(self, epoch: int, step: int, what: str, value: float) -> None:
        super().__init__(f"{what} was {value} in epoch {epoch}, after {step} step{'s' * (step != 1)}")
        self.epoch, self.step, self.what, self.value = epoch, step, what, value


class AbandonedError(Exception):
    """The compare that wanted this cell is gone."""


def run_cell(plan: Plan, identity: str, cell: Cell, folder: Path, owner: int) -> list[str]:
    """Train a cell to its end, from its checkpoint if there is one, and write its result into the store.

    ``identity`` is the plan's fingerprint when the comparison began; ``owner`` the process that compares and holds the
    store. Returns what is to be said aloud: that a checkpoint was damaged. A task that raises ends the cell as
    "failed", a loss or a metric that is not finite as "diverged"; nothing is raised for either.
    """
    store = Store(folder)
    with _undisturbed(owner), store.cell_lock(cell):
        if _has_result(store, cell, identity):  # a worker left behind by a killed compare was faster
            return []
        training = _Training(plan, cell, store, identity, owner)
        try:
            result = training.run()
        except AbandonedError:
            os._exit(1)  # a worker whose compare is gone: nobody takes a result, nobody else would end it
        except (Exception, SystemExit) as error:
            result = training.result("failed", error=f"{type(error).__name__}: {error}", traceback=_traceback(error))
        store.end(cell, result)
        return training.notes


def build_optimizer(plan: Plan, cell: Cell, task: Task) -> Optimizer:
    """Return the optimizer of a cell: the entry's own, else the command's, else the task's, else the default."""
    from torch.optim import Optimizer

    text = plan.entry(cell).optimizer or plan.optimizer
    own = getattr(task, "optimizer", None)
    if text is None and own is not None:
        optimizer = own()
        if not isinstance(optimizer, Optimizer):
            raise ScheduleError.about("--task: `optimizer()`", "return a torch optimizer", optimizer)
        return optimizer
    return optimizers.build(text or optimizers.DEFAULT, task.model.parameters())


class _Training:
    """The loop, and what it has to remember."""

    def __init__(self, plan: Plan, cell: Cell, store: Store, identity: str, owner: int) -> None:
        self.plan, self.cell, self.store, self.identity, self.owner = plan, cell, store, identity, owner
        self.notes: list[str] = []
        self.progress = Progress()
        self.metric, self.mode = "metric", "max"

    def run(self) -> dict[str, Any]:
        """Train to the end and return the result."""
        from ..torch import Scheduler

        if fingerprint(self.plan.identity()) != self.identity:
            raise ScheduleError(
                "compare: the task file and the data must stay as they were while it runs, got a change."
            )
        make = self.plan.source.maker()
        seed_all(self.cell.seed)
        task = make(self.cell.seed)
        self.metric, self.mode = task.metric, task.mode
        optimizer = build_optimizer(self.plan, self.cell, task)
        scheduler = Scheduler(optimizer, self.plan.entry(self.cell).schedule, run=self.plan.run(task))
        path = self.store.cell_file(self.cell, ".pt")
        checkpoint = Checkpoint(path, self.identity, task.model, optimizer, scheduler)
        try:
            self.progress = checkpoint.restore() or self.progress
        except DamagedError as damage:
            self.notes.append(f"{damage}: {self.cell} was trained again from its beginning.")
        while not self._over():
            before = time.perf_counter()
            try:
                row = _epoch(task, optimizer, scheduler, len(self.progress.rows), self.plan.per)
            except DivergedError as diverged:
                return self.result("diverged", at=vars(diverged) | {"value": str(diverged.value)}, error=str(diverged))
            self.progress.rows.append(row)
            self.progress.seconds += time.perf_counter() - before
            if not self._over():
                checkpoint.save(self.progress)
            self.store.note_progress(self.cell, row["epoch"], row["metrics"][task.metric])
            if os.getpid() != self.owner and self.store.abandoned():
                raise AbandonedError
        return self.result("done")

    def _values(self) -> list[float]:
        return [row["metrics"][self.metric] for row in self.progress.rows]

    def _stopped_early(self) -> bool:
        rule = self.plan.early_stop
        return rule is not None and rule.stops(self._values(), self.mode)

    def _over(self) -> bool:
        return len(self.progress.rows) >= self.plan.epochs or self._stopped_early()

    def result(self, status: str, **more: Any) -> dict[str, Any]:
        """Return the result of the cell: plain values, ready for JSON."""
        values, rows = self._values(), self.progress.rows
        out: dict[str, Any] = {
            "plan": self.identity,
            "name": self.cell.name,
            "seed": self.cell.seed,
            "status": status,
            "epochs": len(rows),
        }
        if status == "done":
            best = (max if self.mode == "max" else min)(values)
            out |= {"final": values[-1], "best": best, "best_epoch": values.index(best) + 1}
            if len(rows) < self.plan.epochs:
                out["stopped_early"] = len(rows)
        return out | more | {"history": rows, "seconds": self.progress.seconds}


def _epoch(task: Task, optimizer: Optimizer, scheduler: Scheduler, epoch: int, per: str) -> dict[str, Any]:
    """Train one epoch, counted from 0, and evaluate; return its row of the history.

    ``lr`` is the rate of the first group at the first step of the epoch, ``train_loss`` the mean over the batches.
    """
    import torch

    lr = scheduler.get_last_lr()[0]
    losses: list[Tensor] = []
    total, steps, begin = 0.0, 0, epoch * task.steps_per_epoch
    per_step = per == "step"
    task.model.train()
    try:
        for batch in task.batches(epoch):
            loss = task.loss(batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            if per_step:
                scheduler.step()
            losses.append(loss.detach())
            steps += 1
            if len(losses) == LOOK_EVERY:
                total += _finite_sum(losses, epoch, begin + steps)
                losses.clear()
    except Exception:
        _finite_sum(losses, epoch, begin + steps)  # a task that chokes on a NaN has diverged
        raise
    total += _finite_sum(losses, epoch, begin + steps)
    if steps != task.steps_per_epoch:
        must = f"give as many batches as `steps_per_epoch` says, {task.steps_per_epoch}"
        raise ScheduleError.about(f"task: `batches({epoch})`", must, steps)
    if not per_step:
        scheduler.step()
    task.model.eval()
    with torch.no_grad():
        metrics = _metrics(task, epoch)
    return {"epoch": epoch + 1, "lr": lr, "train_loss": total / steps, "metrics": metrics}


def _finite_sum(losses: list[Tensor], epoch: int, steps_done: int) -> float:
    """Return the sum of some losses; raise :class:`DivergedError` about the first that is not finite."""
    import torch

    if not losses:
        return 0.0
    values = torch.stack(losses).double().flatten()
    bad = torch.nonzero(~torch.isfinite(values))
    if len(bad):
        first = int(bad[0])
        raise DivergedError(epoch + 1, steps_done - len(losses) + first, "the loss", float(values[first]))
    return float(values.sum())


def _metrics(task: Task, epoch: int) -> dict[str, float | None]:
    """Evaluate; a value that is not finite becomes None, or ends the cell when it is the metric itself."""
    found = task.evaluate()
    if task.metric not in found:
        raise ScheduleError.about("task: `evaluate()`", f"return the metric `{task.metric}`", list(found))
    values = {str(key): float(value) for key, value in found.items()}
    if plain_number(values[task.metric]) is None:
        raise DivergedError(epoch + 1, (epoch + 1) * task.steps_per_epoch, f"the {task.metric}", values[task.metric])
    return {key: plain_number(value) for key, value in values.items()}


def _has_result(store: Store, cell: Cell, identity: str) -> bool:
    try:
        return store.result(cell, identity) is not None
    except DamagedError:
        return False


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@contextmanager
def _undisturbed(owner: int) -> Iterator[None]:
    """One torch thread, so that sums come out the same everywhere; in a worker, leave Ctrl-C to the owner."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    deaf = os.getpid() != owner and threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if deaf else None
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        if deaf:
            signal.signal(signal.SIGINT, before)
