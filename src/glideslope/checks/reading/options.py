"""Options of the command line, as argparse reads them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from .arguments import Call
from .out_of_sight import unknown, unseen
from .values import (
    Const,
    Items,
    Namespace,
    Ref,
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
        return unseen(to, name, it)
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
    return unknown(to)


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
