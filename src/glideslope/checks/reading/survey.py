"""One look over the whole tree before it is read: which names are used, and which functions matter."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left

_MATTERS = re.compile(
    r"sched|optim|step|backward|scaler|accelerat|trainer|epoch|load_state|argparse|parse_args|lr_|loader", re.I
)


class Survey:
    """What one walk over a module tells."""

    def __init__(self, tree: ast.Module) -> None:
        self.used: set[str] = set()  # every name and attribute that is read
        self._matters: list[int] = []  # lines with something that the rules look at
        self._globals: list[ast.Global] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                self._see(node.id, node.lineno)
                if isinstance(node.ctx, ast.Load):
                    self.used.add(node.id)
            elif isinstance(node, ast.Attribute):
                self._see(node.attr, node.end_lineno or node.lineno)
                if isinstance(node.ctx, ast.Load):
                    self.used.add(node.attr)
            elif isinstance(node, ast.arg):
                self._see(node.arg, node.lineno)
            elif isinstance(node, ast.Global):
                self._globals.append(node)
                self._matters.append(node.lineno)
        self._matters.sort()

    def _see(self, name: str, line: int) -> None:
        if _MATTERS.search(name):
            self._matters.append(line)

    def matters(self, node: ast.AST) -> bool:
        """Whether a function mentions anything that the rules look at."""
        first, last = _lines(node)
        at = bisect_left(self._matters, first)
        return at < len(self._matters) and self._matters[at] <= last

    def globals_of(self, node: ast.AST) -> frozenset[str]:
        """Return the names that a function declares global."""
        first, last = _lines(node)
        return frozenset(name for each in self._globals if first <= each.lineno <= last for name in each.names)


def _lines(node: ast.AST) -> tuple[int, int]:
    first: int = getattr(node, "lineno", 1)
    return first, getattr(node, "end_lineno", None) or first
