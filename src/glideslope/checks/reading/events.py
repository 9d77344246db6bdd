"""What happens in a script that the rules want to know, in the order in which it happens."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from .loops import Loop
from .values import Value


@dataclass(frozen=True)
class Fact:
    """What a condition says of one thing: its value is one of some (``among``), or none of them."""

    subject: object
    values: frozenset[object]
    among: bool


@dataclass(frozen=True)
class Kind:
    """What a condition says of the class of some values: it is one of these (``among``), or none; exact or derived."""

    values: tuple[Value, ...]
    names: frozenset[str]
    among: bool
    exact: bool


@dataclass(frozen=True)
class Guard:
    """A condition on the way to an event."""

    node: ast.AST
    arm: bool
    steady: bool  # its value is that of an option, which no turn of a loop changes
    inner: bool  # it stands in a loop
    every: float | None = None  # n of ``if i % n == 0``, where the text says it
    facts: tuple[Fact, ...] = ()
    kinds: tuple[Kind, ...] = ()

    @property
    def once(self) -> bool:
        """Whether it is decided once, before the loops or for the whole run, and not turn by turn."""
        return self.steady or not self.inner


@dataclass(eq=False)
class Event:
    """One thing that is done to one value: ``kind`` is what.

    "step" (of an optimizer, a scheduler or something unknown), "get_lr", "load" (load_state_dict), "save" (torch.save;
    the value is what is saved), "handover" (the value goes where the text cannot be followed), "compile".
    """

    kind: str
    value: Value
    node: ast.AST
    loops: tuple[Loop, ...]
    guards: tuple[Guard, ...]
    root: int  # events of different roots have no order among them
    statement: ast.stmt | None
    args: tuple[Value, ...] = ()
    via: str = ""  # "scaler" where a gradient scaler does it
    nodes: tuple[ast.expr, ...] = field(default=())
    others: tuple[Value, ...] = ()  # what the same call may do it to instead

    @property
    def sure(self) -> bool:
        """Whether it happens in every turn of its loops (an option may switch it off for the whole run)."""
        return all(guard.once for guard in self.guards)
