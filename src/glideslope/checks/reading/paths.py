"""Functions and classes by their dotted path: what torch, the standard library and others are known to do."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from . import torch_names
from .arguments import Call
from .builtin_functions import builtin, range_, rounded
from .configuration import loosen
from .construction import scheduler
from .out_of_sight import unknown, unseen
from .values import (
    Const,
    Function,
    Items,
    Loader,
    Namespace,
    Optimizer,
    Ref,
    Scaler,
    Scheduler,
    Table,
    Value,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


KEEPING = frozenset(("prepare", "setup", "initialize", "setup_optimizers", "prepare_scheduler", "prepare_optimizer"))
"""Methods of Accelerate, Fabric and apex that give their arguments back, wrapped."""

_HARMLESS = re.compile(
    r"(builtins|logging|warnings|time|os|sys|math|numpy|json|pprint|rich|loguru|torch\.(nn|cuda|backends|utils|device|tensor)"
    r"|copy|wandb\.(log|watch)|torch\.(no_grad|enable_grad|autocast|amp))\b"
)

_SAVING = re.compile(r"(^|\.)(save|dump|save_checkpoint|save_on_master)$")

_TRANSPARENT = frozenset((
    "enumerate", "tqdm", "zip", "iter", "list", "tuple", "set", "reversed", "sorted", "progress_bar", "track",
    "islice", "notebook_tqdm"
))  # fmt: skip
"""What gives its first argument back, in some wrapping."""


def by_path(to: Interpreter, path: str, it: Call) -> Value:
    """Call what this path names."""
    found = torch_names.scheduler_name(path)
    if found is not None:
        return scheduler(to, found, path, it)
    if torch_names.is_optimizer(path):
        lr = it.get(1, "lr") or (unknown(to) if it.open else Const(None))
        return Optimizer(it.node, path.rpartition(".")[2], lr, to.loops)
    home, _, name = path.rpartition(".")
    if home == "builtins":
        return builtin(to, name, it)
    if name in _TRANSPARENT and it.args and name != "set":
        return it.args[0]
    if name == "trange":
        return range_(it)
    if name == "GradScaler" and home.split(".")[0] in ("torch", "torch_xla"):
        return Scaler(it.get(4 if home.endswith("cuda.amp") else 5, "enabled") or Const(True))
    if name.endswith("DataLoader"):
        return Loader(it.node)
    if name == "compile" and home == "torch":
        for value in it.args[:1]:
            to.happen("compile", value, it.node)
        return it.args[0] if it.args else unknown(to)
    if path == "argparse.ArgumentParser":
        return Namespace({}, parser=True)
    if name in ("SimpleNamespace", "Namespace", "EasyDict", "AttrDict", "edict", "Munch"):
        first = it.args[0] if it.args else None
        table = {str(key): value for key, value in first.entries.items()} if isinstance(first, Table) else {}
        made = Namespace({**table, **it.keywords})
        if it.open or (isinstance(first, Table) and not first.whole):
            loosen(to, made)
        return made
    if name in KEEPING and (name != "initialize" or home.endswith("amp")):
        return kept(to, name, it)
    if _SAVING.search(path) and (home == "torch" or home == "pickle" or name != "save"):
        to.happen("save", it.args[0] if it.args else unknown(to), it.node, it.all)
        if home in ("torch", "pickle"):
            return Const(None)
    if name == "Trainer" and home.split(".")[0] in ("lightning", "pytorch_lightning"):
        to.trainers.append({**it.keywords, **({"": Const(1)} if it.open else {})})
    if path in ("math.ceil", "math.floor", "numpy.ceil", "numpy.floor"):
        return rounded(name, it)
    if path == "torch.load":
        return unknown(to, path)
    if name == "partial":
        return _partial(to, it)
    if _HARMLESS.match(path) and name not in KEEPING:
        return unknown(to, path)
    return unseen(to, path, it)


def kept(to: Interpreter, name: str, it: Call) -> Value:
    """``accelerator.prepare``, ``fabric.setup``, ``amp.initialize``: gives its arguments back in order."""
    for value in it.all:
        for each in options(value):
            if isinstance(each, Scheduler):
                each.prepared = True
    if it.open or any(isinstance(each, Table) for each in it.all):
        return unseen(to, name, it)
    given = it.args or list(it.keywords.values())  # keywords beside arguments are options
    return given[0] if len(given) == 1 else Items(given) if given else unknown(to)


def _partial(to: Interpreter, it: Call) -> Value:
    """``functools.partial``: of a scheduler, its arguments are looked at; what is made of it later is not followed."""
    to.hand_over(it.all, it.node)
    first = it.args[0] if it.args else None
    found = torch_names.scheduler_name(first.path) if isinstance(first, Ref) else None
    if found is not None and isinstance(first, Ref):
        later = ast.copy_location(ast.Call(it.node.func, it.node.args[1:], it.node.keywords), it.node)
        scheduler(to, found, first.path, Call(later, it.args[1:], it.keywords, True)).handed_over = True
    return first if isinstance(first, Function) else unknown(to)
