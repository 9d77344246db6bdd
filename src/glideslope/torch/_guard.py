"""The guard: do the two ``step`` calls come in the right order, and once each? Every finding is said once."""

import gc
import math
import sys
from typing import Any

import torch
from torch import Tensor, isfinite
from torch.optim import Optimizer

from ..clock import Run
from ._live import tell
from ._updates import Updates, countable, real

HOW_TO = "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
NEVER = math.inf


class Guard:
    """Compares the steps of one scheduler with the updates its optimizer really makes.

    It looks when ``epoch >= at``: at the first step, then 2, 4, 8, ... steps on, so that a step in between costs one
    comparison. Two windows in a row with at least two steps for every update tell of a scheduler that is stepped too
    often; a GradScaler that skips updates, as it does when it starts, never makes such a pattern.
    """

    def __init__(self, optimizer: Optimizer, epoch: float, first: bool = True, run: Run | None = None) -> None:
        self._optimizer, self._updates = optimizer, Updates.of(optimizer)
        self._start = self._updates.count
        self._step = _own_step(optimizer)
        self._first = first
        self._told = False
        self._run = run if run is not None and run.wall is None and countable(optimizer) else None
        # A run that knows its epochs says by when a step must have come: one for each update, or one an epoch.
        self._patience = NEVER
        if self._run is not None and (self._run.steps or self._run.steps_per_epoch):
            self._patience = max(50, 2 * self._run.updates_per_epoch) if self._run.steps_per_epoch else 50
        self.restart(epoch)

    @property
    def waits(self) -> bool:
        """True while a step is overdue that nothing has been said about."""
        return self._updates.count - self._start > self._patience

    def look_for_steps(self, name: str) -> None:
        """Warn that the optimizer makes its updates and nobody calls step()."""
        made, self._patience, self._run = self._updates.count - self._start, NEVER, None
        self._tell(
            "scheduler-never-stepped",
            f"{name}: the optimizer has made {made} updates and scheduler.step() was not called once, so the schedule "
            "stands still.",
            'Call it after optimizer.step(), or build it with advance="optimizer".',
        )

    def restart(self, epoch: float) -> None:
        """Count steps and updates from this epoch: the scheduler has gone there."""
        self._start = self._updates.count
        self._count_from(epoch)

    def _count_from(self, epoch: float) -> None:
        self._origin = epoch
        self._marks: list[tuple[float, int, int]] = []
        self.at: float = epoch + (1 if self._first else 2)

    @property
    def pending(self) -> bool:
        """True while the order of the first two calls is still to be looked at."""
        return self._first and self._updates.count == self._start

    def look(self, name: str, epoch: float) -> None:
        """Warn, for the scheduler of this name, about what is wrong by now."""
        self._patience = NEVER
        if self._first:
            self._first = False
            self._updates.driver = name
            self._look_at_order(name)
            self._count_from(epoch - 1)
            return
        self._marks = [*self._marks[-2:], (epoch, self._updates.count, Updates.total)]
        self.at = self._origin + 2 * (epoch - self._origin)
        if self._run is not None and self._contradicts(name, self._run, epoch):
            self._run, self.at = None, NEVER
            return
        if len(self._marks) == 3 and not _stepped_by_accelerate():
            (a, before, every), (b, between, _), (c, now, every_now) = self._marks
            made_none = countable(self._optimizer) and now == self._start and not self._told
            if made_none and not looks_skipped(self._optimizer):
                self.at = NEVER
                self._tell(
                    "optimizer-never-updated",
                    f"{name}: step() has been called {c - self._origin:g} times, and the optimizer has made no update.",
                    "Is it the optimizer that is trained?",
                )
                return
            rare = 1 <= between - before <= (b - a) / 2 and 1 <= now - between <= (c - b) / 2
            # Where another optimizer is updated at every step, as in a GAN, the steps count iterations.
            if rare and every_now - every < c - a:
                self.at = NEVER
                self._tell(
                    "stepped-every-micro-batch",
                    f"{name}: the last {c - a:g} calls of step() came with {now - before} updates of the optimizer, so "
                    f"the schedule runs about {(c - a) / (now - before):.2g} times as fast as the training.",
                    "Call scheduler.step() once after optimizer.step(), not for every micro-batch or process.",
                )

    def _contradicts(self, name: str, run: Run, epoch: float) -> bool:
        """Say what does not agree with the run: steps for updates where it counts epochs, or the other way round."""
        end = run.total_steps + max(2, run.total_steps // 20)  # a last, smaller batch an epoch is no mistake
        steps, updates, by_accelerate = (
            epoch - self._origin,
            self._updates.count - self._start,
            _stepped_by_accelerate(),
        )
        if epoch > end:
            at_its_pace = run.unit == "step" or updates > 1.5 * steps
            self._tell(
                "horizon-mismatch" if at_its_pace else "epoch-schedule-stepped-per-batch",
                f"{name}: step() has been called {epoch:g} times, and the run has {run.total_steps} {run.unit}s.",
                "Say in the Run how long it is."
                if at_its_pace and run.unit == "epoch"
                else f"Call it once for every {run.unit}, or say in the Run what it is called for.",
            )
        elif run.unit == "step" and updates >= steps * max(10, run.updates_per_epoch / 2) and not by_accelerate:
            self._tell(
                "batch-schedule-stepped-per-epoch",
                f"{name}: the run counts optimizer steps, and the optimizer made {updates} of them with {steps:g} "
                "calls of step().",
                'Call it after every optimizer.step(), or build the Run with per="epoch".',
            )
        else:
            self.at = min(self.at, end + 1)
            return False
        return True

    def _look_at_order(self, name: str) -> None:
        if _own_step(self._optimizer) not in (None, self._step):
            self._told = True
            self._tell(
                "optimizer-step-replaced",
                f"{name}: `optimizer.step()` has been overridden since the scheduler was built; updates that do not go "
                "through the class's own step are not counted.",
                f"See {HOW_TO}",
            )
        elif countable(self._optimizer) and self._updates.count == self._start and not looks_skipped(self._optimizer):
            self._told = True
            self._tell(
                "scheduler-before-optimizer",
                f"{name}: step() was called before optimizer.step(), so the first learning rate of the schedule is "
                "never used.",
                "Call optimizer.step() first, then scheduler.step(), and only after a batch that updates. "
                f"See {HOW_TO}",
            )

    def _tell(self, rule: str, message: str, hint: str) -> None:
        tell(self._optimizer, rule, message, hint)


def say_what_was_left(name: str, optimizer: Optimizer, base_lrs: list[float]) -> None:
    """Warn when an earlier scheduler has driven this optimizer, and left a base lr that is not the lr in force.

    Not when a checkpoint of the optimizer has been loaded since: then a run goes on.
    """
    driver = Updates.driver_of(optimizer)
    for group, base in zip(optimizer.param_groups, base_lrs, strict=True):
        if driver and not math.isclose(float(group["lr"]), base, rel_tol=1e-6):
            tell(
                optimizer,
                "base-lr-left-behind",
                f"{name}: {driver} has driven this optimizer before, so the base lr is the {base:g} it left in "
                f"group['initial_lr'], not the lr in force, {float(group['lr']):g}.",
                "To start from the lr in force, delete group['initial_lr'] first.",
            )
            return


def looks_skipped(optimizer: Optimizer) -> bool:
    """Return True when an update was not forgotten: a GradScaler skipped it.

    The gradients hold an inf or a NaN; or they have been cleared since, and there is a GradScaler at work.
    """

    def values(grad: Tensor) -> Tensor:
        return grad._values() if grad.is_sparse else grad

    grads = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
    if any(not bool(isfinite(values(grad)).all()) for grad in grads):
        return True
    return not any(bool(values(grad).any()) for grad in grads) and _scaling()


def _scaling() -> bool:
    """Whether some GradScaler in this process has scaled a loss; asked once, when a warning is about to be given."""
    scalers = [each for each in gc.get_objects() if issubclass(type(each), torch.amp.GradScaler)]
    return any(each.is_enabled() and each._scale is not None for each in scalers)


def _own_step(optimizer: Optimizer) -> Any:
    """What stands in the place of the class's ``step`` here; None for that step, compiled or wrapped by torch."""
    step = vars(real(optimizer)).get("step")
    original = getattr(step, "_torchdynamo_orig_callable", step)
    own = getattr(original, "__func__", None) is type(real(optimizer)).step
    return None if own or hasattr(original, "_wrapped_by_lr_sched") else step


def _stepped_by_accelerate() -> bool:
    """Accelerate steps a scheduler once for every process, by design."""
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith(("glideslope.", "torch.")):
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__", "") == "accelerate.scheduler"
