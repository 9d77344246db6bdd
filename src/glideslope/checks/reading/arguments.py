"""The arguments of a call."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import (
    Items,
    Namespace,
    Table,
    Unknown,
    Value,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


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


def arguments(to: Interpreter, node: ast.Call) -> Call:
    """Read the arguments of a call, whatever is called."""
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
                args += [one for one in options(inner) if isinstance(one, Unknown)]
        else:
            args.append(to.eval(each))
    for keyword in node.keywords:
        value = to.eval(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, Namespace):
            keywords.update(value.attrs)
        elif isinstance(value, Table):
            keywords.update({str(key): each for key, each in value.entries.items() if key not in value.perhaps})
            is_open = is_open or not value.whole or bool(value.perhaps)
        else:
            is_open = True
    return Call(node, args, keywords, is_open)
