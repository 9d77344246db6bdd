"""Loops: how often the body runs, and what one turn is."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass
from functools import cached_property

from .values import Batches, Choice, Const, Loader, Unknown, Value, number

BATCHED = re.compile(r"loader|batches|_dl$|^dl$|data_?iter")
"""Names of what has as many elements as there are batches."""
_READ = re.compile(r"dataset|train_?iter|train_data|train_set|trainset")
"""Names of what is gone through in the innermost loop, but is not counted in batches."""


@dataclass(eq=False)
class Loop:
    """One loop of the text, as it is run once."""

    node: ast.For | ast.AsyncFor | ast.While
    over: Value | None = None  # what it runs over, where that is not a range
    start: Value | None = None
    stop: Value | None = None
    step: float = 1

    @property
    def over_batches(self) -> bool:
        """Whether one turn is one batch of a loader."""
        if isinstance(self.stop, Batches):
            return self.stop.factor == 1.0 and _start(self.start) == 0
        return isinstance(self.over, Loader) or (
            isinstance(self.over, Unknown) and _is_read(self.over.name or self.over.source)
        )

    @property
    def over_epochs(self) -> bool:
        """Whether the script calls one turn an epoch."""
        names = f"{self.target} {self.stop.name if isinstance(self.stop, Unknown) else ''}".lower()
        return self.stop is not None and ("epoch" in names or self.target.lower() in ("ep", "e"))

    @property
    def turns(self) -> float | None:
        """How often a fresh run goes round, where the text says so."""
        start, stop = _start(self.start), number(self.stop)
        if start is None or stop is None:
            return None
        return max(0, math.ceil((stop - start) / self.step))

    @property
    def by_default(self) -> bool:
        """Whether that number is the default of an option."""
        return isinstance(self.stop, Const) and self.stop.option

    @cached_property
    def exits(self) -> list[tuple[ast.expr, ...]]:
        """The conditions on the way to each ``break`` and ``return`` that leaves the loop before its last turn."""
        found: list[tuple[ast.expr, ...]] = []
        todo: list[tuple[ast.AST, tuple[ast.expr, ...], bool]] = [(each, (), True) for each in self.node.body]
        while todo:
            node, tests, mine = todo.pop()
            if isinstance(node, ast.Return) or (mine and isinstance(node, ast.Break)):
                found.append(tests)
            elif not isinstance(node, (ast.expr, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                mine = mine and not isinstance(node, (ast.For, ast.AsyncFor, ast.While))
                tests = (*tests, node.test) if isinstance(node, ast.If) else tests
                todo += [(each, tests, mine) for each in ast.iter_child_nodes(node)]
        return found

    @property
    def is_cut(self) -> bool:
        """Whether it is left at some count of its turns, so that its last one is never meant to come."""
        return any(
            isinstance(each, ast.Name) and each.id == self.target
            for tests in self.exits
            for test in tests
            for each in ast.walk(test)
        )

    @property
    def resumes(self) -> bool:
        """Whether it starts at 0 or 1 in a fresh run and later in another."""
        return isinstance(self.start, Choice) and _start(self.start) is not None

    @property
    def target(self) -> str:
        """The loop variable."""
        if isinstance(self.node, ast.While):
            counter = getattr(self.node.test, "left", None) if self.stop is not None else None
            return getattr(counter, "id", "")
        return self.node.target.id if isinstance(self.node.target, ast.Name) else ""


def _start(value: Value | None) -> float | None:
    """Where a fresh run starts: the one number among what the text decides at a resume."""
    if isinstance(value, Choice):
        known = [number(each) for each in value.options]
        found = [each for each in known if each is not None]
        return found[0] if len(found) == 1 and len(found) < len(known) and found[0] in (0, 1) else None
    return number(value)


def _is_read(name: str) -> bool:
    return bool(BATCHED.search(name.lower()) or _READ.search(name.lower()))
