"""One look over the whole tree before it is read: which names are used, and which functions matter."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from functools import cached_property

_MATTERS = re.compile(
    r"sched|optim|step|backward|scaler|accelerat|trainer|epoch|load_state|argparse|parse_args|lr_|loader"
    r"|setattr|__dict__|update|vars",
    re.I,
)

_BUILDING = frozenset(("__init__", "__post_init__", "setup", "build", "configure_optimizers"))


class Survey:
    """What one walk over a module tells."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes = _nodes(tree)
        self.used: set[str] = set()  # every name and attribute that is read
        self.writes_lr = False  # ``group["lr"] = ...``, ``group.update(lr=...)``
        self._matters: list[int] = []  # lines with something that the rules look at
        self._globals: list[ast.Global | ast.Nonlocal] = []
        self._building: list[tuple[int, int]] = []  # where objects are set up
        self._stored: list[ast.Attribute] = []
        for node in self.nodes:
            if isinstance(node, ast.Name):
                self._see(node.id, node.lineno)
                if isinstance(node.ctx, ast.Load):
                    self.used.add(node.id)
            elif isinstance(node, ast.Attribute):
                self._see(node.attr, node.end_lineno or node.lineno)
                if isinstance(node.ctx, ast.Load):
                    self.used.add(node.attr)
                else:
                    self._stored.append(node)
            elif isinstance(node, ast.arg):
                self._see(node.arg, node.lineno)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if node.name in _BUILDING:
                    self._building.append(_lines(node))
            elif isinstance(node, ast.Subscript):
                written = isinstance(node.ctx, ast.Store) and isinstance(node.slice, ast.Constant)
                self.writes_lr = self.writes_lr or (written and node.slice.value == "lr")  # type: ignore[attr-defined]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
                self.writes_lr = self.writes_lr or any(each.arg == "lr" for each in node.keywords)
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                self._globals.append(node)
                self._matters.append(node.lineno)
        self._matters.sort()

    @cached_property
    def stored(self) -> frozenset[str]:
        """Attributes that are written outside of where objects are set up."""
        return frozenset(
            node.attr
            for node in self._stored
            if isinstance(node.value, ast.Name) and node.value.id == "self"
            if not any(first <= node.lineno <= last for first, last in self._building)
        )

    def _see(self, name: str, line: int) -> None:
        if _MATTERS.search(name):
            self._matters.append(line)

    def matters(self, node: ast.AST) -> bool:
        """Whether a function mentions anything that the rules look at."""
        first, last = _lines(node)
        at = bisect_left(self._matters, first)
        return at < len(self._matters) and self._matters[at] <= last

    def globals_of(self, node: ast.AST, kind: type = ast.Global) -> frozenset[str]:
        """Return the names that a function declares global (or nonlocal)."""
        first, last = _lines(node)
        return frozenset(
            name
            for each in self._globals
            if isinstance(each, kind) and first <= each.lineno <= last
            for name in each.names
        )


def _lines(node: ast.AST) -> tuple[int, int]:
    first: int = getattr(node, "lineno", 1)
    return first, getattr(node, "end_lineno", None) or first


def _nodes(tree: ast.AST) -> list[ast.AST]:
    """Every node of a tree, as ``ast.walk`` gives them, in a third of the time."""
    found = [tree]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
    return found
