"""What a call does, as far as the text or torch's own contract says."""

from __future__ import annotations

import ast
import contextlib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import _torch_names as torch_names
from ._values import (
    Batches,
    Choice,
    Class,
    Const,
    Function,
    Instance,
    Items,
    Loader,
    Method,
    Namespace,
    Optimizer,
    Range,
    Ref,
    Scaler,
    Scheduler,
    Table,
    Unknown,
    Value,
    number,
    one_of,
    options,
)

if TYPE_CHECKING:
    from ._interpreter import Interpreter

_TRANSPARENT = frozenset(
    [
        "enumerate",
        "tqdm",
        "zip",
        "iter",
        "list",
        "tuple",
        "set",
        "reversed",
        "sorted",
        "progress_bar",
        "track",
        "islice",
        "notebook_tqdm",
    ]
)
_KEEPING = frozenset(("prepare", "setup", "initialize", "setup_optimizers", "prepare_scheduler", "prepare_optimizer"))
_HARMLESS = re.compile(
    r"(builtins|logging|warnings|time|os|sys|math|numpy|json|pprint|rich|loguru|torch\.(nn|cuda|backends|utils|device|tensor)"
    r"|copy|wandb\.(log|watch)|torch\.(no_grad|enable_grad|autocast|amp))\b"
)
_SAVING = re.compile(r"(^|\.)(save|dump|save_checkpoint|save_on_master)$")
_LENGTHS = re.compile(r"loader|_dl$|^dl$|batches|data_?iter|dataloader|^train_ds_?batched")


@dataclass(frozen=True)
class Call:
    """A call with its arguments read."""

    node: ast.Call
    args: list[Value]
    keywords: dict[str, Value]
    open: bool  # *args or **kwargs out of sight

    @property
    def all(self) -> list[Value]:
        """Every argument."""
        return [*self.args, *self.keywords.values()]

    def get(self, index: int, name: str) -> Value | None:
        """Return an argument by its place or its name."""
        return self.args[index] if index < len(self.args) else self.keywords.get(name)


def call(to: Interpreter, node: ast.Call) -> Value:
    """Read a call and return what it gives."""
    func = node.func
    if isinstance(func, ast.Attribute):
        if isinstance(func.value, ast.Call) and isinstance(func.value.func, ast.Name) and func.value.func.id == "super":
            return _super(to, func.attr, _arguments(to, node))
        owners = options(to.eval(func.value))
        it = _arguments(to, node)
        if not owners:
            return _unseen(to, "", it)
        return one_of(*(_method(to, owner, func.attr, it) for owner in owners))
    targets = options(to.eval(func))
    it = _arguments(to, node)
    if not targets:
        return _unseen(to, "", it)
    return one_of(*(_apply(to, target, it) for target in targets))


def _arguments(to: Interpreter, node: ast.Call) -> Call:
    args: list[Value] = []
    keywords: dict[str, Value] = {}
    is_open = False
    for each in node.args:
        if isinstance(each, ast.Starred):
            inner = to.eval(each.value)
            if isinstance(inner, Items):
                args += inner.values
            else:
                is_open = True
                args += [each for each in options(inner) if isinstance(each, Unknown)]
        else:
            args.append(to.eval(each))
    for keyword in node.keywords:
        value = to.eval(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, Table):
            keywords.update({str(key): each for key, each in value.entries.items()})
            is_open = is_open or not value.whole
        else:
            is_open = True
    return Call(node, args, keywords, is_open)


def _apply(to: Interpreter, target: Value, it: Call) -> Value:
    if isinstance(target, Ref):
        return _path(to, target.path, it)
    if isinstance(target, Function):
        return to.enter(target, it.args, it.keywords, it.node)
    if isinstance(target, Class):
        return _construct(to, target, it)
    if isinstance(target, Method):
        return _method(to, target.of, target.name, it)
    if isinstance(target, Instance):
        for name in ("__call__", "forward"):
            found = target.cls.find(name)
            if isinstance(found, Function):
                if not to.survey.matters(found.node):
                    return _unknown(to)
                return to.enter(Function(found.node, found.scope, target), it.args, it.keywords, it.node)
    return _unseen(to, target.name if isinstance(target, Unknown) else "", it)


def _unknown(to: Interpreter, source: str = "") -> Unknown:
    return Unknown("", "changing" if to.loops else "call", source)


def _unseen(to: Interpreter, source: str, it: Call) -> Value:
    """Code that is not in the file gets the arguments."""
    wrapped = it.get(0, "optimizer")
    if source.endswith("Optimizer") and isinstance(wrapped, Optimizer):
        return wrapped  # by apex, Horovod and others: their step is that of the one inside
    to.hand_over(it.all, it.node)
    return _unknown(to, source)


# ---------------------------------------------------------------------- functions by their path


def _path(to: Interpreter, path: str, it: Call) -> Value:
    scheduler = torch_names.scheduler_name(path)
    if scheduler is not None:
        return _scheduler(to, scheduler, path, it)
    if torch_names.is_optimizer(path):
        return Optimizer(it.node, path.rpartition(".")[2], it.get(1, "lr") or Const(None), to.loops)
    home, _, name = path.rpartition(".")
    if home == "builtins":
        return _builtin(to, name, it)
    if name in _TRANSPARENT and it.args and name != "set":
        return it.args[0]
    if name == "trange":
        return _range(it)
    if name == "GradScaler" and home.split(".")[0] in ("torch", "torch_xla"):
        return Scaler(it.keywords.get("enabled", Const(True)))
    if name.endswith("DataLoader"):
        return Loader(it.node)
    if name == "compile" and home == "torch":
        for value in it.args[:1]:
            to.happen("compile", value, it.node)
        return it.args[0] if it.args else _unknown(to)
    if path == "argparse.ArgumentParser":
        return Namespace({}, parser=True)
    if name in ("SimpleNamespace", "Namespace", "EasyDict", "AttrDict", "edict", "Munch"):
        first = it.args[0] if it.args else None
        table = {str(key): value for key, value in first.entries.items()} if isinstance(first, Table) else {}
        return Namespace({**table, **it.keywords})
    if name in _KEEPING and (name != "initialize" or home.endswith("amp")):
        return _kept(to, name, it)
    if _SAVING.search(path) and (home == "torch" or home == "pickle" or name != "save"):
        to.happen("save", it.args[0] if it.args else _unknown(to), it.node, it.all)
        if home in ("torch", "pickle"):
            return Const(None)
    if name == "Trainer" and home.split(".")[0] in ("lightning", "pytorch_lightning"):
        to.trainers.append({**it.keywords, **({"": Const(1)} if it.open else {})})
    if path in ("math.ceil", "math.floor", "numpy.ceil", "numpy.floor"):
        return _rounded(name, it)
    if path == "torch.load":
        return _unknown(to, path)
    if name == "partial":
        to.hand_over(it.all, it.node)
        return it.args[0] if it.args and isinstance(it.args[0], Function) else _unknown(to)
    if _HARMLESS.match(path) and name not in _KEEPING:
        return _unknown(to, path)
    return _unseen(to, path, it)


def _builtin(to: Interpreter, name: str, it: Call) -> Value:
    first = it.args[0] if it.args else None
    if name == "range":
        return _range(it)
    if name == "len":
        return _length(first)
    if name in ("int", "float", "round", "abs"):
        return _rounded(name, it)
    if name in ("max", "min"):
        values = [number(each) for each in it.args]
        known = [each for each in values if each is not None]
        if known and len(known) == len(values) > 1:
            return Const(max(known) if name == "max" else min(known))
        batches = [each for each in it.args if isinstance(each, Batches)]
        return Batches(batches[0].loader, batches[0].name, None) if batches else _unknown(to)
    if name in ("list", "tuple", "reversed", "sorted", "iter", "enumerate", "zip", "set"):
        if name == "zip" and len(it.args) > 1 and all(isinstance(each, Items) for each in it.args):
            columns = [each.values for each in it.args if isinstance(each, Items)]
            return Items([Items(list(row)) for row in zip(*columns, strict=False)])
        if name == "enumerate" and isinstance(first, Items):
            return Items([Items([Const(index), each]) for index, each in enumerate(first.values)])
        return first if first is not None else Items([])
    if name == "dict":
        base: dict[object, Value] = dict(first.entries) if isinstance(first, Table) else {}
        base.update(dict(it.keywords))
        return Table(base, whole=not it.open)
    if name == "getattr" and len(it.args) >= 2:
        key = it.args[1]
        if isinstance(key, Const) and isinstance(key.value, str):
            return one_of(*(to.attribute(each, key.value) for each in options(it.args[0])))
        if isinstance(it.args[0], Instance):
            to.hand_over([it.args[0]], it.node)
        return Unknown("", "call", "getattr")
    if name == "setattr" and len(it.args) == 3:
        _set_attribute(to, it)
    elif name in ("locals", "globals", "exec", "eval"):
        to.hand_over([*to.schedulers, *to.optimizers], it.node)
    elif name == "vars":
        if isinstance(first, Namespace):
            return first
        to.hand_over(it.args, it.node)
    elif name in ("map", "filter"):
        to.hand_over(it.args, it.node)
    elif name == "next" and first is not None:
        return Unknown("", "changing")
    return _unknown(to, f"builtins.{name}")


def _set_attribute(to: Interpreter, it: Call) -> None:
    owner, key, value = it.args
    if isinstance(key, Const) and isinstance(key.value, str) and isinstance(owner, (Instance, Namespace)):
        to.write(owner.attrs, key.value, value)
        return
    if isinstance(owner, Namespace):
        for name in list(owner.attrs):
            to.write(owner.attrs, name, Unknown(name, "attribute"))
    to.hand_over([value], it.node)


def _range(it: Call) -> Value:
    args = it.args
    if len(args) == 1:
        return Range(Const(0), args[0], 1)
    if len(args) >= 2:
        step = number(args[2]) if len(args) > 2 else 1
        if step is not None and step > 0:
            return Range(args[0], args[1], step)
    return Unknown("", "call", "range")


def _length(value: Value | None) -> Value:
    if isinstance(value, Items):
        return Const(len(value.values))
    found = options(value)
    if len(found) == 1 and isinstance(found[0], (Loader, Unknown)):
        one = found[0]
        name = "loader" if isinstance(one, Loader) else one.name or one.source
        if _LENGTHS.search(name.lower()):
            return Batches(id(one), name)
    return Unknown("", "call", "builtins.len")


def _rounded(name: str, it: Call) -> Value:
    first = it.args[0] if it.args else None
    if isinstance(first, Batches):
        return first
    value = number(first)
    if value is None and isinstance(first, Const) and isinstance(first.value, str) and name in ("int", "float"):
        try:
            value = float(first.value)
        except ValueError:
            return Unknown("", "call", name)
    if value is None or not math.isfinite(value):
        changes = isinstance(first, Unknown) and first.changes
        return Unknown("", "changing" if changes else "call", name)
    if name == "float":
        return Const(float(value))
    if name == "abs":
        return Const(abs(value))
    if name == "round":
        digits = number(it.args[1]) if len(it.args) > 1 else None
        return Const(round(value, int(digits)) if digits is not None else round(value))
    return Const(math.ceil(value) if name == "ceil" else math.floor(value) if name == "floor" else int(value))


def _kept(to: Interpreter, name: str, it: Call) -> Value:
    """``accelerator.prepare``, ``fabric.setup``, ``amp.initialize``: gives its arguments back in order."""
    for value in it.all:
        for each in options(value):
            if isinstance(each, Scheduler):
                each.prepared = True
    if it.open or any(isinstance(each, Table) for each in it.all):
        return _unseen(to, name, it)
    given = it.args or list(it.keywords.values())  # keywords beside arguments are options
    return given[0] if len(given) == 1 else Items(given) if given else _unknown(to)


# ---------------------------------------------------------------------- constructors


def _scheduler(to: Interpreter, name: str, path: str, it: Call) -> Scheduler:
    parameters = torch_names.PARAMETERS[name]
    args: dict[str, Value] = (
        dict(zip(parameters, it.args, strict=False)) if not any(map(_starred, it.node.args)) else {}
    )
    nodes: dict[str, ast.expr] = dict(zip(parameters, it.node.args, strict=False)) if args else {}
    args.update(it.keywords)
    nodes.update({each.arg: each.value for each in it.node.keywords if each.arg is not None})
    for key, value in torch_names.DEFAULTS.get(name, {}).items():
        if not it.open:
            args.setdefault(key, Const(value))
    found = Scheduler(
        it.node, name, args, nodes, to.loops, path, it.open, guards=to.guards, order=len(to.events), root=to.root
    )
    _drive(args.get("optimizer"))
    for part in _parts(args.get("schedulers")):
        part.inside = True
    to.schedulers.append(found)
    return found


def _starred(node: ast.expr) -> bool:
    return isinstance(node, ast.Starred)


def _drive(value: Value | None) -> None:
    for each in options(value):
        if isinstance(each, Unknown):
            each.drives = True


def _parts(value: Value | None) -> list[Scheduler]:
    found: list[Scheduler] = []
    for each in options(value):
        inner = each.values if isinstance(each, Items) else []
        found += [one for item in inner for one in options(item) if isinstance(one, Scheduler)]
    return found


def _construct(to: Interpreter, cls: Class, it: Call) -> Value:
    """An object of a class of the file; a subclass of torch's is what it derives from."""
    if cls.is_a("_LRScheduler", "LRScheduler", *(name for name in torch_names.PARAMETERS if name[0].isupper())):
        args = {"optimizer": it.args[0]} if it.args else dict(it.keywords)
        nodes: dict[str, ast.expr] = {}
        _drive(args.get("optimizer"))
        found = Scheduler(
            it.node,
            cls.node.name,
            args,
            nodes,
            to.loops,
            "",
            True,
            guards=to.guards,
            order=len(to.events),
            root=to.root,
        )
        found.handed_over = True
        return found
    if cls.is_a("Optimizer", *torch_names.OPTIMIZERS):
        return Optimizer(it.node, cls.node.name, Const(None), to.loops)
    return to.instantiate(cls, it.args, it.keywords, it.node)


# ---------------------------------------------------------------------- methods


def _method(to: Interpreter, owner: Value, name: str, it: Call) -> Value:
    if isinstance(owner, Ref):
        return _path(to, to.attribute(owner, name).path, it)  # type: ignore[union-attr]
    if isinstance(owner, Scheduler):
        return _of_scheduler(to, owner, name, it)
    if isinstance(owner, Optimizer):
        return _of_optimizer(to, owner, name, it)
    if isinstance(owner, Scaler):
        return _of_scaler(to, owner, name, it)
    if isinstance(owner, Unknown):
        return _of_unknown(to, owner, name, it)
    if isinstance(owner, Instance):
        return _of_instance(to, owner, name, it)
    if isinstance(owner, Class):
        found = owner.find(name)
        if isinstance(found, Function):
            return to.enter(found, it.args, it.keywords, it.node)
        return _unseen(to, name, it)
    if isinstance(owner, Items):
        return _of_items(to, owner, name, it)
    if isinstance(owner, Table):
        return _of_table(to, owner, name, it)
    if isinstance(owner, Namespace):
        return _of_namespace(to, owner, name, it)
    if isinstance(owner, Choice):
        return one_of(*(_method(to, each, name, it) for each in options(owner)))
    if isinstance(owner, Const):
        return _unknown(to)
    return _unseen(to, name, it)


def _of_scheduler(to: Interpreter, owner: Scheduler, name: str, it: Call) -> Value:
    if name == "step":
        to.happen("step", owner, it.node, it.all, nodes=it.node.args)
    elif name == "get_lr":
        to.happen("get_lr", owner, it.node)
    elif name == "load_state_dict":
        to.happen("load", owner, it.node, it.all)
    elif name == "state_dict":
        return Method(owner, "state_dict")
    return Unknown("", "changing")


def _of_optimizer(to: Interpreter, owner: Optimizer, name: str, it: Call) -> Value:
    if name == "step" or name.endswith("_step"):
        for each in it.args:
            if isinstance(each, Function):
                to.enter(each, [], {}, it.node)
        to.happen("step", owner, it.node)
    elif name == "load_state_dict":
        to.happen("load", owner, it.node, it.all)
    elif name == "state_dict":
        return Method(owner, "state_dict")
    return Unknown("", "changing")


def _of_scaler(to: Interpreter, owner: Scaler, name: str, it: Call) -> Value:
    if name == "step":
        for each in options(it.args[0] if it.args else None):
            to.happen("step", each, it.node, [owner], via="scaler")
    elif name == "state_dict":
        return Method(owner, "state_dict")
    elif name == "scale" and it.args:
        return it.args[0]
    return Unknown("", "changing")


def _of_unknown(to: Interpreter, owner: Unknown, name: str, it: Call) -> Value:
    if name == "step" or name == "optimizer_step":
        driven = [each for each in options(it.args[0] if it.args else None) if _is_optimizer(each)]
        for each in driven:
            to.happen("step", each, it.node, [owner], via="scaler")
        if not driven:
            to.happen("step", owner, it.node, it.all, nodes=it.node.args)
            to.hand_over([each for each in it.all if isinstance(each, Scheduler)], it.node)
        return _unknown(to)
    if name == "get_lr":
        to.happen("get_lr", owner, it.node)
        return Unknown("", "changing")
    if name == "load_state_dict":
        to.happen("load", owner, it.node, it.all)
        return Const(None)
    if name == "state_dict":
        return Method(owner, "state_dict")
    if name in _KEEPING and name != "initialize":
        return _kept(to, name, it)
    if name == "save" or name == "save_checkpoint":
        to.happen("save", it.args[0] if it.args else owner, it.node, it.all)
    if name in ("to", "cuda", "train", "eval", "double", "half") and not any(map(_matters, it.all)):
        return owner
    return _unseen(to, f"{owner.name}.{name}" if owner.name else name, it)


def _matters(value: Value) -> bool:
    return any(isinstance(each, (Scheduler, Optimizer)) for each in options(value))


def _is_optimizer(value: Value) -> bool:
    return isinstance(value, Optimizer) or (
        isinstance(value, Unknown) and (value.drives or "opt" in value.name.lower())
    )


def _of_instance(to: Interpreter, owner: Instance, name: str, it: Call) -> Value:
    found = to.attribute(owner, name)
    if isinstance(found, Function):
        if not to.survey.matters(found.node) and not any(map(_matters, it.all)):
            return _unknown(to)
        return to.enter(found, it.args, it.keywords, it.node)
    if isinstance(found, Unknown) and owner.cls.foreign and found.origin == "attribute":
        to.hand_over([owner], it.node)
    return (
        _apply(to, found, it)
        if not isinstance(found, Choice)
        else one_of(*(_apply(to, each, it) for each in options(found)))
    )


def _super(to: Interpreter, name: str, it: Call) -> Value:
    """``super().name(...)``: the method of a base class in the file, or code that is out of sight."""
    here = to.stack[-1] if to.stack else None
    arguments = getattr(here, "args", None)
    owner = to.scope.names.get(arguments.args[0].arg) if arguments is not None and arguments.args else None
    if not isinstance(owner, Instance):
        return _unseen(to, name, it)
    for base in _bases_above(owner.cls, here):
        found = base.find(name)
        if isinstance(found, Function):
            return to.enter(Function(found.node, found.scope, owner), it.args, it.keywords, it.node)
    if owner.cls.foreign and name != "__init__":
        to.hand_over([owner], it.node)
    return _unseen(to, name, it)


def _bases_above(cls: Class, here: ast.AST | None) -> list[Class]:
    """Return the classes of the file that stand above the one whose method is ``here``."""
    mine = [base for base in cls.bases if isinstance(base, Class) and base is not cls]
    if any(isinstance(each, Function) and each.node is here for each in cls.names.values()):
        return mine
    return [found for base in mine for found in _bases_above(base, here)]


def _of_items(to: Interpreter, owner: Items, name: str, it: Call) -> Value:
    if name == "append" and it.args and len(owner.values) < 64:
        owner.values.append(it.args[0] if not to.loops or _matters(it.args[0]) else Unknown("", "changing"))
    elif name == "extend" and it.args and isinstance(it.args[0], Items) and it.args[0] is not owner:
        owner.values.extend(it.args[0].values[:64])
    elif name not in ("index", "count", "sort", "reverse"):
        return _unseen(to, name, it)
    return Const(None)


def _of_table(to: Interpreter, owner: Table, name: str, it: Call) -> Value:
    key = it.args[0] if it.args else None
    if name in ("get", "pop", "setdefault") and isinstance(key, Const):
        default = it.args[1] if len(it.args) > 1 else None
        found = owner.entries.get(key.value)
        return found if found is not None else default if default is not None and owner.whole else _unknown(to)
    if name == "get" and owner.entries:
        return one_of(*owner.entries.values())
    if name == "values":
        return Items(list(owner.entries.values()))
    if name == "items":
        return Items([Items([Const(key), value]) for key, value in owner.entries.items()])
    if name == "update":
        owner.entries.update(it.keywords)
        for each in it.args:
            if isinstance(each, Table):
                owner.entries.update(each.entries)
            else:
                owner.whole = False
        owner.whole = owner.whole and not it.open
        return Const(None)
    if name == "copy":
        return Table(dict(owner.entries), owner.whole)
    return _unseen(to, name, it)


def _of_namespace(to: Interpreter, owner: Namespace, name: str, it: Call) -> Value:
    if not owner.parser:
        if name == "get" and it.args and isinstance(it.args[0], Const):
            return owner.attrs.get(str(it.args[0].value), Unknown("", "attribute"))
        return _unseen(to, name, it)
    if name == "add_argument":
        _option(owner, it)
    elif name in ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"):
        return owner
    elif name == "set_defaults":
        for key, value in it.keywords.items():
            owner.attrs[key] = value
    elif name in ("parse_args", "parse_known_args"):
        known = dict(owner.attrs) if not it.args or (isinstance(it.args[0], Items) and not it.args[0].values) else {}
        parsed = Namespace(known)
        return parsed if name == "parse_args" else Items([parsed, Unknown("", "call")])
    return _unknown(to)


_TYPES = {"int": int, "float": float, "str": str}


def _option(parser: Namespace, it: Call) -> None:
    """``add_argument``: the option and its default, in its own type."""
    flags = [each.value for each in it.args if isinstance(each, Const) and isinstance(each.value, str)]
    if not flags:
        return
    longest = next((flag for flag in flags if flag.startswith("--")), flags[0])
    dest = it.keywords.get("dest")
    name = dest.value if isinstance(dest, Const) else longest.lstrip("-").replace("-", "_")
    default = it.keywords.get("default")
    value: Value = Unknown(str(name), "attribute")
    if isinstance(default, Const):
        kind = it.keywords.get("type")
        convert = _TYPES.get(kind.path.rpartition(".")[2]) if isinstance(kind, Ref) else None
        with contextlib.suppress(ValueError):
            value = Const(convert(default.value)) if convert and isinstance(default.value, str) else default
    elif isinstance(default, Items):
        value = default
    parser.attrs[str(name)] = value
