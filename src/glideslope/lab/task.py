"""Task: what a comparison needs to know about a training."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from .._check import ScheduleError, nearest, shorten

if TYPE_CHECKING:
    from torch import Tensor, nn


class Task(Protocol):
    """One model and its data, built afresh for each cell by ``make_task(seed)``.

    Before ``make_task(seed)`` is called, torch, numpy and Python are seeded with ``seed``: a model made there starts
    from the same weights under every schedule. The loop around a task is the textbook one::

        for epoch in range(epochs):
            task.model.train()
            for batch in task.batches(epoch):
                loss = task.loss(batch)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                scheduler.step()
            task.model.eval()
            with torch.no_grad():
                metrics = task.evaluate()

    A task may also have: ``optimizer()``, which returns its torch optimizer (used unless the command names one);
    ``unit``, text after the metric's numbers, such as ``"%"``; ``samples_per_step`` and ``tokens_per_step``, so that
    durations such as ``"1e6sa"`` mean something.
    """

    model: nn.Module
    """What is trained and saved."""
    steps_per_epoch: int
    """How many batches ``batches(epoch)`` gives."""
    metric: str
    """The key of ``evaluate()`` that the schedules are compared by."""
    mode: str
    """``"max"`` when more of the metric is better, ``"min"`` when less is."""

    def batches(self, epoch: int) -> Iterable[Any]:
        """Return the batches of one epoch, counted from 0; their order depends on (seed, epoch) and nothing else."""

    def loss(self, batch: Any) -> Tensor:
        """Return the loss of one batch, a tensor of one number."""

    def evaluate(self) -> Mapping[str, float]:
        """Return the metrics on data the model is not trained on; ``metric`` is one of the keys."""


ATTRIBUTES = ("model", "steps_per_epoch", "metric", "mode", "batches", "loss", "evaluate")


def check_task(task: Any, where: str) -> Task:
    """Return the task, or raise :class:`~glideslope.ScheduleError` about the first attribute that is not as it must."""
    from torch import nn

    for name in ATTRIBUTES:
        if not hasattr(task, name):
            raise ScheduleError(f"{where} must return a task with `{name}`, got {shorten(task)} without it.")
    if not isinstance(task.model, nn.Module):
        raise ScheduleError.about(f"{where}: `model`", "be a torch.nn.Module", task.model)
    if type(task.steps_per_epoch) is not int or task.steps_per_epoch < 1:
        raise ScheduleError.about(f"{where}: `steps_per_epoch`", "be a whole number >= 1", task.steps_per_epoch)
    if not isinstance(task.metric, str):
        raise ScheduleError.about(f"{where}: `metric`", "be the name of a metric", task.metric)
    if task.mode not in ("max", "min"):
        raise ScheduleError.about(f"{where}: `mode`", 'be one of "max", "min"', task.mode)
    for name in ("batches", "loss", "evaluate", "optimizer"):
        if not callable(getattr(task, name, len)):
            raise ScheduleError.about(f"{where}: `{name}`", "be a method", getattr(task, name))
    return task  # type: ignore[no-any-return]


class Source(Protocol):
    """Where tasks come from; small and picklable, because it travels to the workers."""

    def maker(self) -> Callable[[int], Task]:
        """Load what is needed and return ``make_task``."""

    def identity(self) -> dict[str, Any]:
        """Return what the numbers depend on, as plain values."""


@dataclass(frozen=True)
class TaskFile:
    """A function in a Python file of yours: ``my_task.py:make_task``."""

    path: str
    function: str

    @classmethod
    def parse(cls, text: str) -> TaskFile:
        """Read ``FILE.py:FUNCTION``; raise :class:`~glideslope.ScheduleError` unless the file is there."""
        path, colon, function = text.rpartition(":")
        if not colon or not path.endswith(".py") or not function.isidentifier():
            raise ScheduleError.about("--task", "be FILE.py:FUNCTION, such as my_task.py:make_task", text)
        if not Path(path).is_file():
            raise ScheduleError.about("--task", "name a file that is there", path)
        return cls(str(Path(path).resolve()), function)

    def identity(self) -> dict[str, Any]:
        digest = hashlib.sha256(Path(self.path).read_bytes()).hexdigest()
        return {"task": f"{Path(self.path).name}:{self.function}", "task file's SHA-256": digest}

    def maker(self) -> Callable[[int], Task]:
        """Return the function, its task checked. Raises when the file does not run or lacks the function."""
        module = _module(self.path, Path(self.path).read_bytes())
        function = getattr(module, self.function, None)
        if function is None:
            names = [key for key, value in vars(module).items() if callable(value)]
            hint = f" {nearest(self.function, names)}" if names else ""
            raise ScheduleError(f"--task: {self.path} must have a function `{self.function}`, got none.{hint}")
        if not callable(function):
            raise ScheduleError.about(f"--task: `{self.function}`", "be a function of a seed", function)
        return lambda seed: check_task(function(seed), f"--task: {self.function}({seed})")


@lru_cache(maxsize=1)
def _module(path: str, source: bytes) -> ModuleType:
    """Run the file, once in a process, as the module its neighbours would import."""
    file = Path(path)
    name = file.stem if file.stem not in sys.modules else f"_task_{file.stem}"
    module = ModuleType(name)
    module.__file__ = path
    if str(file.parent) not in sys.path:
        sys.path.insert(0, str(file.parent))
    sys.modules[name] = module  # dataclasses and pickle look their module up
    try:
        exec(compile(source, path, "exec"), module.__dict__)
    except Exception as error:
        del sys.modules[name]
        raise ScheduleError(f"--task: {path} must run, got {_reason(error, path)}.") from error
    return module


def _reason(error: Exception, path: str) -> str:
    """What an exception says, and the line of ``path`` it came from."""
    lines = []
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == path:
            lines.append(step.tb_lineno)
        step = step.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        lines.append(error.lineno)
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{text} (line {lines[-1]})" if lines and "(line" not in text and f", line {lines[-1]}" not in text else text
