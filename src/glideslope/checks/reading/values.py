"""What a name in the checked text may stand for."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .text import words

if TYPE_CHECKING:
    from .events import Guard
    from .loops import Loop


@dataclass(eq=False)
class Unknown:
    """Something the text does not say. ``name`` is what the script calls it, ``origin`` where it comes from."""

    name: str = ""
    origin: str = "expression"  # "parameter", "attribute", "call", "expression", "changing"
    source: str = ""  # dotted path of what was called for it
    attrs: dict[str, Value] = field(default_factory=dict)
    drives: bool = False  # a scheduler was built on it, so it is an optimizer
    every: float | None = None  # n of ``i % n == 0``, if it is that
    holder: str = ""  # name of the thing out of sight that it is an attribute of

    @property
    def changes(self) -> bool:
        """Whether it may differ from one turn of a loop to the next."""
        return self.origin == "changing"


@dataclass(frozen=True)
class Const:
    """A literal of the script, or what simple arithmetic made of some."""

    value: object
    option: bool = field(default=False, compare=False)  # the default of an option, which a run may change


@dataclass(frozen=True)
class Batches:
    """``factor`` times the length of a loader; the factor is None where the text does not say it."""

    loader: object  # whose len() it is
    name: str
    factor: float | None = 1.0


@dataclass(frozen=True)
class Range:
    """``range(start, stop, step)``."""

    start: Value
    stop: Value
    step: float


@dataclass(frozen=True)
class Ref:
    """An imported name, by its dotted path."""

    path: str


@dataclass(eq=False)
class Items:
    """A list, a tuple or a set that the text writes out. ``open``: each stands for as many as another list has."""

    values: list[Value]
    open: bool = False


@dataclass(eq=False)
class Table:
    """A dict that the text writes out; ``whole`` is False where some of its keys are not known."""

    entries: dict[object, Value]
    whole: bool = True
    node: ast.Dict | None = None
    perhaps: set[object] = field(default_factory=set)  # keys that are there under some condition only


@dataclass(eq=False)
class Scope:
    """Names of a module or a function, and the scope around it."""

    names: dict[str, Value]
    outer: Scope | None = None
    globals_: frozenset[str] = frozenset()
    nonlocals: frozenset[str] = frozenset()


@dataclass(eq=False)
class Function:
    """A function of the same file, perhaps bound to an instance."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    owner: Instance | None = None
    wrapped: str = ""  # by a decorator out of sight: "outside", which may give arguments; "context", which may wait


@dataclass(eq=False)
class Class:
    """A class of the same file. ``foreign`` is True where a base class is out of sight."""

    node: ast.ClassDef
    scope: Scope
    names: dict[str, Value]
    bases: tuple[Value, ...]

    @property
    def foreign(self) -> bool:
        """Whether code that is not in the file may reach the attributes of its instances."""
        return any(
            base.foreign if isinstance(base, Class) else not (isinstance(base, Ref) and base.path in _PLAIN_BASES)
            for base in self.bases
        )

    def find(self, name: str) -> Value | None:
        """Return what the class, or a base class in the same file, binds to ``name``."""
        if name in self.names:
            return self.names[name]
        for base in self.bases:
            found = base.find(name) if isinstance(base, Class) and base is not self else None
            if found is not None:
                return found
        return None

    def is_a(self, *names: str) -> bool:
        """Whether a base class, however far up, has one of these last names."""
        return any(
            base.is_a(*names)
            if isinstance(base, Class) and base is not self
            else (isinstance(base, Ref) and base.path.rpartition(".")[2] in names)
            for base in self.bases
        )


_PLAIN_BASES = frozenset(("object", "torch.nn.Module", "abc.ABC", "typing.Protocol", "typing.NamedTuple"))


@dataclass(eq=False)
class Instance:
    """An object of a class in the same file."""

    cls: Class
    attrs: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False)
class Namespace:
    """Options by name: what argparse parses, or a plain namespace."""

    attrs: dict[str, Value]
    parser: bool = False


@dataclass(eq=False)
class Loader:
    """A ``DataLoader``."""

    node: ast.Call


@dataclass(eq=False)
class Scaler:
    """A gradient scaler of mixed precision."""

    enabled: Value


@dataclass(eq=False)
class Optimizer:
    """A torch optimizer that the text constructs."""

    node: ast.Call
    name: str
    lr: Value
    loops: tuple[Loop, ...]


@dataclass(eq=False)
class Scheduler:
    """A torch scheduler that the text constructs."""

    node: ast.Call
    name: str
    args: dict[str, Value]
    nodes: dict[str, ast.expr]
    loops: tuple[Loop, ...]
    path: str = ""
    open: bool = False  # some of its arguments are out of sight
    handed_over: bool = False  # code that is not in the file may step it, save it or change it
    prepared: bool = False  # wrapped by a library that minds accumulation and skipped steps
    inside: bool = False  # a part of a SequentialLR or a ChainedScheduler
    adjusted: bool = False  # its attributes are written by hand
    replaced: bool = False  # its name was given to another one
    many: bool = False  # one of as many as a list has that is out of sight
    guards: tuple[Guard, ...] = ()
    order: int = 0  # how many events had happened before
    root: int = 0

    @property
    def outlives(self) -> bool:
        """Whether it is built in some turns of a loop only, so that later turns may still use it."""
        return bool(self.loops and self.guards)

    @property
    def optimizer(self) -> Value | None:
        """What it drives."""
        return self.args.get("optimizer")


@dataclass(frozen=True)
class Method:
    """A method that the text takes from a tracked object without calling it, such as ``optimizer.step``."""

    of: Value
    name: str


@dataclass(frozen=True)
class Choice:
    """One of several values: the text decides only when it runs."""

    options: tuple[Value, ...]


Value = (
    Unknown | Const | Batches | Range | Ref | Items | Table | Function | Class | Instance | Namespace | Loader | Scaler
    | Optimizer | Scheduler | Method | Choice
)  # fmt: skip


WAYS = 64
"""Things that one name may stand for, and that are followed."""


def options(value: Value | None) -> tuple[Value, ...]:
    """Return every value it may be; None (the object) is left out, since nothing can be done with it."""
    if value is None:
        return ()
    found = value.options if isinstance(value, Choice) else (value,)
    return tuple(each for each in found if not (isinstance(each, Const) and each.value is None))


def one_of(*values: Value | None) -> Value:
    """Join what a name may be after two ways through the text."""
    known: dict[Value, None] = {}
    for value in values:
        for each in value.options if isinstance(value, Choice) else (value,):
            if each is not None:
                known.setdefault(each)
    found = list(known)
    if not found:
        return Unknown()
    for each in found[WAYS:]:
        if isinstance(each, Scheduler):
            each.handed_over = True  # nothing is claimed about what is not followed
    return found[0] if len(found) == 1 else Choice(tuple(found[:WAYS]))


GREATEST = 1e15
"""No number of a script that means something is beyond it."""


def number(value: Value | None) -> float | None:
    """Return the number that the text proves, or None."""
    if isinstance(value, Const) and isinstance(value.value, (int, float)) and not isinstance(value.value, bool):
        return value.value if value.value == 0 or 1e-30 < abs(value.value) < GREATEST else None
    return None


def numbers(value: Value | None) -> list[float] | None:
    """Return the list of numbers that the text proves, or None."""
    if not isinstance(value, Items):
        return None
    found = [number(each) for each in value.values]
    return None if None in found else [each for each in found if each is not None]


def is_tracked(value: Value | None) -> bool:
    """Whether it may be one of the things that the rules follow, or something that may step one."""
    return any(
        isinstance(each, (Scheduler, Optimizer, Scaler, Loader, Instance, Function, Method))
        or (isinstance(each, Items) and any(is_tracked(part) for part in each.values[:8]))
        for each in options(value)
    )


def is_optimizer(value: Value | None) -> bool:
    """Whether it is an optimizer, or something out of sight that is called one or was given to a scheduler."""
    if isinstance(value, Unknown):
        return value.drives or any("optim" in word or word == "opt" for word in words(value.name))
    return isinstance(value, Optimizer)


BATCHES = frozenset(("estimated_stepping_batches", "num_training_batches", "num_update_steps_per_epoch"))
"""Attributes that count batches, by their names in the trainers."""


def is_hashable(value: object) -> bool:
    """Whether a literal may be a key."""
    return isinstance(value, (str, int, float, bool, bytes, type(None)))
