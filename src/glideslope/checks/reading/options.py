"""Options of the command line, as argparse reads them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from .arguments import Call
from .configuration import loosen, overrides
from .out_of_sight import unknown, unseen
from .values import (
    Const,
    Items,
    Namespace,
    Ref,
    Table,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def of_namespace(to: Interpreter, owner: Namespace, name: str, it: Call) -> Value:
    """Call a method of a parser, or of what it has parsed."""
    if not owner.parser:
        if name == "get" and it.args and isinstance(it.args[0], Const):
            return owner.attrs.get(str(it.args[0].value), Unknown("", "attribute"))
        if name == "update":
            _update(to, owner, it)
            return Const(None)
        if overrides(name):
            loosen(to, owner)
        return unseen(to, name, it)
    if name == "add_argument":
        _option(owner, it)
    elif name in ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"):
        return owner
    elif name == "set_defaults":
        owner.attrs.update(it.keywords)
        if it.open:
            loosen(to, owner)
    elif name in ("parse_args", "parse_known_args"):
        known = dict(owner.attrs) if not it.args or (isinstance(it.args[0], Items) and not it.args[0].values) else {}
        parsed = Namespace(known)
        return parsed if name == "parse_args" else Items([parsed, Unknown("", "call")])
    return unknown(to)


def _update(to: Interpreter, owner: Namespace, it: Call) -> None:
    """``vars(args).update(...)``."""
    owner.attrs.update(it.keywords)
    for each in it.args:
        if isinstance(each, Table):
            owner.attrs.update({str(key): value for key, value in each.entries.items()})
    if it.open or any(not isinstance(each, Table) or not each.whole for each in it.args):
        loosen(to, owner)


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
            known = convert(default.value) if convert and isinstance(default.value, str) else default.value
            value = Const(known, option=True)
    elif isinstance(default, Items):
        value = default
    other = parser.attrs.get(str(name), value)
    parser.attrs[str(name)] = value if other == value else Unknown(str(name), "attribute")
