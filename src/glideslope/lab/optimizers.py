"""Optimizers by their text: ``SGD(lr=0.1)``, any class of ``torch.optim`` that steps without a closure."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .._check import ScheduleError, nearest, plain_number
from ..spec import parse_call

if TYPE_CHECKING:
    from torch.nn import Parameter
    from torch.optim import Optimizer

DEFAULT = "SGD(lr=0.1, momentum=0.9)"
WITHOUT = {"LBFGS": "it needs a closure", "SparseAdam": "it needs sparse gradients"}
"""Classes of torch.optim that the textbook loop cannot step, and why."""


def known() -> dict[str, type[Optimizer]]:
    """Return the classes that can be named."""
    import torch

    found = {name: each for name, each in vars(torch.optim).items() if isinstance(each, type)}
    return {
        name: each
        for name, each in found.items()
        if issubclass(each, torch.optim.Optimizer) and each is not torch.optim.Optimizer and name not in WITHOUT
    }


def build(text: str, params: Iterable[Parameter]) -> Optimizer:
    """Return the optimizer that ``text`` names, over ``params``.

    Raises :class:`~glideslope.ScheduleError` for a name that ``torch.optim`` does not have or that needs a closure, a
    keyword or a value the class does not take, and a number that is not finite.
    """
    name, args, keywords = parse_call(text)
    if name in WITHOUT:
        raise ScheduleError(f"--optimizer: {name} cannot be stepped by the textbook loop: {WITHOUT[name]}.")
    classes = known()
    if name not in classes:
        raise ScheduleError.about("--optimizer", "name a class of torch.optim", name, nearest(name, classes))
    values = _bound(classes[name], name, args, keywords)
    try:
        return classes[name](params, **values)
    except (TypeError, ValueError, RuntimeError, AssertionError) as error:
        raise ScheduleError(f"--optimizer: {text} must be as torch.optim.{name} takes it: {_line(error)}.") from None


def check(text: str) -> None:
    """Build the optimizer over one small matrix and let it take a step: some bad values only show there."""
    import torch

    matrix = torch.nn.Parameter(torch.zeros(2, 2))
    matrix.grad = torch.ones(2, 2)
    optimizer = build(text, [matrix])
    try:
        optimizer.step()
    except Exception as error:
        raise ScheduleError(f"--optimizer: {text} must be able to take a step, got: {_line(error)}.") from None


def describe(optimizer: Optimizer) -> str:
    """Return the text of an optimizer: its class, its lr, and what differs from the defaults of the class."""
    declared = inspect.signature(type(optimizer)).parameters
    values = {
        key: value
        for key, value in optimizer.defaults.items()
        if key == "lr" or (key in declared and value != declared[key].default)
    }
    return f"{type(optimizer).__name__}({', '.join(f'{key}={value!r}' for key, value in values.items())})"


def _bound(cls: type[Optimizer], name: str, args: list[Any], keywords: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments by name, each of the kind of its default."""
    declared = dict(list(inspect.signature(cls).parameters.items())[1:])
    free = [each.name for each in declared.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
    if len(args) > len(free):
        raise ScheduleError(f"--optimizer: {name} must have at most {len(free)} arguments, got {len(args)}.")
    values = dict(zip(free, args, strict=False))
    for key, value in keywords.items():
        if key not in declared:
            raise ScheduleError.about(f"--optimizer: {name}", "be given its own arguments", key, nearest(key, declared))
        if key in values:
            raise ScheduleError(f"--optimizer: {name} must have `{key}` once, got it twice.")
        values[key] = value
    return {key: _like(f"--optimizer: {name}: `{key}`", value, declared[key].default) for key, value in values.items()}


def _like(where: str, value: Any, default: Any) -> Any:
    """Return a value of the kind that the default is of; what torch declares no default for is left to torch."""
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ScheduleError.about(where, "be True or False", value)
    elif isinstance(default, (int, float)):
        if plain_number(value) is None:
            raise ScheduleError.about(where, "be a finite number", value)
    elif isinstance(default, tuple):
        if not isinstance(value, list) or len(value) != len(default) or None in map(plain_number, value):
            raise ScheduleError.about(where, f"be {len(default)} numbers", value)
        return tuple(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ScheduleError.about(where, "be a finite number", value)
    return value


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
