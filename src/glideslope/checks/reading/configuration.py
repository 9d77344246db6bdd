"""Settings: what a file, the command line or another module may have written over the numbers of the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .values import Choice, Class, Const, Instance, Items, Namespace, Table, Unknown, Value

if TYPE_CHECKING:
    from .interpreter import Interpreter

_OVERRIDES = re.compile(
    r"(?i)preset|updat|merg|overrid|config|cfg|pars|read|load|apply|option|command|argum|from_|finali"
)
_ONLY_LOOKS = re.compile(r"(?i)print|log|save|dump|show|dist|seed|writ|init|repr|format")


def overrides(name: str) -> bool:
    """Whether a function of this name, whose result nobody takes, is there to change what it is given."""
    last = name.rpartition(".")[2]
    return bool(_OVERRIDES.search(last)) and not _ONLY_LOOKS.search(last)


def loosen(to: Interpreter, value: Value) -> None:
    """Forget the numbers in a container: each may be another one in the run."""
    if isinstance(value, (Namespace, Instance, Unknown)):
        if isinstance(value, Instance):
            for name, each in value.cls.names.items():
                if isinstance(each, (Const, Items)) and name not in value.attrs:
                    value.attrs[name] = each
        loosen_names(to, value.attrs)
    elif isinstance(value, Class):
        loosen_names(to, value.names)
    elif isinstance(value, Table):
        value.whole = False
        for key, each in value.entries.items():
            value.entries[key] = _loose(str(key), each)
    elif isinstance(value, Items):
        value.values = [_loose("", each) for each in value.values]
    elif isinstance(value, Choice):
        for each in value.options:
            loosen(to, each)


def loosen_names(to: Interpreter, names: dict[str, Value]) -> None:
    """Forget the numbers that names of a scope, or of an object, stand for."""
    for name, each in list(names.items()):
        to.write(names, name, _loose(name, each))


def _loose(name: str, value: Value) -> Value:
    if isinstance(value, Const):
        return Unknown(name, "attribute")
    if isinstance(value, Items) and value.values and all(isinstance(each, Const) for each in value.values):
        return Unknown(name, "attribute")
    return value
