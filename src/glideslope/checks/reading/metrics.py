"""Names of metrics: which of them fall and which rise when training goes well."""

from __future__ import annotations

import ast
import re

from .text import own_name, words

FALLING = frozenset((
    "loss", "losses", "err", "error", "errors", "mse", "mae", "rmse", "nll", "perplexity", "ppl", "wer", "cer",
    "fid"
))  # fmt: skip
RISING = frozenset((
    "acc", "accs", "accuracy", "accuracies", "f1", "auc", "auroc", "dice", "iou", "miou", "psnr", "ssim", "bleu",
    "precision", "recall", "top1", "top5"
))  # fmt: skip
_OTHER = frozenset((
    "metric", "metrics", "score", "scores", "val", "valid", "validation", "result"
))  # fmt: skip


def name_of(node: ast.expr) -> str:
    """Return the name that an expression carries: a variable, an attribute, a key; else an empty one."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
        return name_of(node.value)
    if isinstance(node, ast.Call):
        called = own_name(node.func)
        if node.args and called in ("mean", "float", "average", "sum", "nanmean"):
            return name_of(node.args[0])
        if isinstance(node.func, ast.Attribute) and called in ("item", "mean", "sum", "cpu", "detach", "avg"):
            return name_of(node.func.value)
        return called if direction(called) is not None else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return name_of(node.left)
    return ""


def direction(name: str) -> str | None:
    """Return "min" for a name that is clearly a loss, "max" for one that is clearly a score, else None."""
    found = _words(name)
    falls, rises = bool(found & FALLING), bool(found & RISING)
    if falls == rises or {"neg", "negative", "minus", "inv", "one", "best", "gap", "diff", "delta", "drop"} & found:
        return None
    return "min" if falls else "max"


def stands_for(name: str, assigned: list[ast.expr], added: list[ast.expr]) -> str | None:
    """Return the direction of a name, unless what is assigned or added to it speaks of the other one."""
    found = direction(name)
    if found == "max" and not all(map(_counts_hits, added)):
        return None  # ``acc`` may be short for an accumulator
    for value in assigned:
        called = [each.func for each in ast.walk(value) if isinstance(each, ast.Call)]
        said = {word for each in called for part in ast.walk(each) for word in words(own_name(part))}
        if not called:
            said = {word for part in ast.walk(value) for word in words(own_name(part))}
        turned = any(isinstance(each, (ast.USub, ast.Sub)) for each in ast.walk(value))
        if turned or said & (RISING if found == "min" else FALLING):
            return None
    return found


def _counts_hits(value: ast.expr) -> bool:
    nodes = list(ast.walk(value))
    said = {word for each in nodes for word in _words(own_name(each))}
    return bool(said & (RISING | _HITS)) or any(isinstance(each, ast.Compare) for each in nodes)


_HITS = frozenset(("correct", "corrects", "eq", "equal", "hits", "right", "argmax"))


def _words(name: str) -> set[str]:
    """The words of a name, and those of one that is written without capitals: ``top1``, ``mIoU``, ``f1``."""
    return {*words(name), *re.findall(r"[a-z0-9]+", name.lower())}


def is_metric(name: str) -> bool:
    """Whether a name is one of a metric, and not of a time."""
    found = _words(name)
    times = {"epoch", "epochs", "step", "steps", "iter"}
    if "best" in found and times & found:
        return False  # when it was best
    return bool((FALLING | RISING) & found) or bool(_OTHER & found and not times & found)
