"""In what a schedule counts: its length in batches of a loader, or in epochs."""

from __future__ import annotations

import ast
import math

from .module import is_batches
from .values import Batches, Const, Function, Items, Scheduler, Scope, Value, number, numbers

LENGTHS = {
    "CosineAnnealingLR": "T_max",
    "OneCycleLR": "total_steps",
    "PolynomialLR": "total_iters",
    "LinearLR": "total_iters",
    "CyclicLR": "step_size_up",
    "get_linear_schedule_with_warmup": "num_training_steps",
    "get_cosine_schedule_with_warmup": "num_training_steps",
    "get_polynomial_decay_schedule_with_warmup": "num_training_steps",
}
"""The argument that is the length of a schedule (of half a cycle, for ``CyclicLR``)."""


def last_part(scheduler: Scheduler) -> tuple[Scheduler, float] | None:
    """Return the last part of a ``SequentialLR``, and where it begins."""
    parts, at = scheduler.args.get("schedulers"), numbers(scheduler.args.get("milestones"))
    if not isinstance(parts, Items) or not at or len(parts.values) != len(at) + 1:
        return None
    last = parts.values[-1]
    return (last, at[-1]) if isinstance(last, Scheduler) else None


def length(scheduler: Scheduler) -> Value | None:
    """Return the length of a schedule, as far as the text says it."""
    if scheduler.name == "SequentialLR":
        found = last_part(scheduler)
        own = number(length(found[0])) if found is not None else None
        return Const(found[1] + own) if found is not None and own is not None else None
    if scheduler.name == "OneCycleLR" and not isinstance(scheduler.args.get("total_steps"), Batches):
        total = scheduler.args.get("total_steps")
        if total is not None and total != Const(None):
            return total
        epochs, each = scheduler.args.get("epochs"), scheduler.args.get("steps_per_epoch")
        if isinstance(each, Batches):
            times = number(epochs)
            known = times is not None and each.factor is not None
            return Batches(each.loader, each.name, each.factor * times if known else None)  # type: ignore[operator]
        a, b = number(epochs), number(each)
        return Const(a * b) if a is not None and b is not None else None
    name = LENGTHS.get(scheduler.name)
    return scheduler.args.get(name) if name else None


def stays(scheduler: Scheduler) -> bool:
    """Whether it is meant to be held where it ends: a warmup, or a line that falls to some level above 0."""
    return scheduler.name == "LinearLR" and number(scheduler.args.get("end_factor")) != 0


def counts_batches(scheduler: Scheduler) -> str | None:
    """Return the argument that shows that the schedule counts batches, or None."""
    if scheduler.name == "SequentialLR":
        parts = scheduler.args.get("schedulers")
        inner = [each for each in parts.values if isinstance(each, Scheduler)] if isinstance(parts, Items) else []
        return "schedulers" if any(map(counts_batches, inner)) else None
    if scheduler.name == "LambdaLR":
        return "lr_lambda" if _divides_by_batches(scheduler.args.get("lr_lambda")) else None
    names = [LENGTHS.get(scheduler.name, "")]
    if scheduler.name == "OneCycleLR":
        each = scheduler.args.get("steps_per_epoch", Const(None))
        if each not in (Const(None), Const(1)):
            return "steps_per_epoch"
    return next((name for name in names if is_batches(scheduler.args.get(name))), None)


def _divides_by_batches(value: Value | None) -> bool:
    """Whether a function divides its argument by a number of batches."""
    if not isinstance(value, Function) or not value.node.args.args:
        return False
    argument = value.node.args.args[0].arg
    for each in ast.walk(value.node):
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div) and isinstance(each.right, ast.Name):
            own = any(isinstance(part, ast.Name) and part.id == argument for part in ast.walk(each.left))
            scope: Scope | None = value.scope
            while scope is not None and each.right.id not in scope.names:
                scope = scope.outer
            if own and scope is not None and isinstance(scope.names[each.right.id], Batches):
                return True
    return False


def steps_to(scheduler: Scheduler, share: float) -> float | None:
    """Return after how many steps a falling staircase is at ``share`` of its start; None where that cannot be said."""
    gamma, size = _staircase(scheduler)
    if gamma is None or size is None or not 0 < gamma < 1:
        return None
    return math.ceil(math.log(share) / math.log(gamma) - 1e-9) * size


def _staircase(scheduler: Scheduler) -> tuple[float | None, float | None]:
    """The factor of a fall, and the steps from one to the next."""
    gamma = number(scheduler.args.get("gamma"))
    if scheduler.name == "ExponentialLR":
        return gamma, 1
    if scheduler.name == "StepLR":
        return gamma, number(scheduler.args.get("step_size"))
    function = scheduler.args.get("lr_lambda")
    if isinstance(function, Function) and isinstance(function.node, ast.Lambda) and function.node.args.args:
        body, argument = function.node.body, function.node.args.args[0].arg
        if scheduler.name == "MultiplicativeLR":
            return _literal(body), 1
        if scheduler.name == "LambdaLR" and isinstance(body, ast.BinOp) and isinstance(body.op, ast.Pow):
            exponent, size = body.right, ast.unparse(body.right).removeprefix(f"{argument} // ")
            if isinstance(exponent, ast.Name) and exponent.id == argument:
                return _literal(body.left), 1
            if isinstance(exponent, ast.BinOp) and ast.unparse(exponent) == f"{argument} // {size}":
                return _literal(body.left), _literal(exponent.right)
    return None, None


def _literal(node: ast.expr) -> float | None:
    return number(Const(node.value)) if isinstance(node, ast.Constant) else None
