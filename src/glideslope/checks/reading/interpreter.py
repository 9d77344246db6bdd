"""Reads a module in the order in which it would run, and writes down what happens to optimizers and schedulers.

Nothing is executed: a function of the file is read anew at each of its call sites, with what is known of its arguments;
the body of a loop is read once; both arms of a condition are read, and a name that differs afterwards may be either.
Whatever leaves the file (an imported function, a base class, a caller that is not in the text) is marked as handed
over, and nothing is claimed about it.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable
from typing import Any

from . import torch_names
from .branches import if_
from .conditions import exclude, excludes_class
from .control import MISSING, NEXT, STOP
from .events import Event, Guard
from .expressions import EXPRESSIONS
from .functions import enter, instantiate
from .lightning import NAMES
from .loops import Loop
from .statements import STATEMENTS
from .survey import Survey
from .torch_names import canonical
from .values import (
    Choice,
    Class,
    Const,
    Function,
    Instance,
    Items,
    Method,
    Namespace,
    Optimizer,
    Ref,
    Scheduler,
    Scope,
    Table,
    Unknown,
    Value,
)

_BUDGET = 30_000
"""Statements and calls that are read in one module."""
STEPS, SCHEDULERS, EVENTS = 500, 200, 30_000
"""More than any script has that somebody wrote."""
_AMBIENT = frozenset(("optim", "lr_scheduler", "torch"))


class Interpreter:
    """One reading of one module."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.events: list[Event] = []
        self.schedulers: list[Scheduler] = []
        self.instances: list[Instance] = []
        self.classes: list[Class] = []
        self.functions: list[Function] = []
        self.returned: dict[ast.AST, list[Value]] = {}  # what functions that the text does not call return
        self.trainers: list[dict[str, Value]] = []  # arguments of Lightning's Trainer
        self.module = Scope({})
        self.scope = self.module
        self.loops: tuple[Loop, ...] = ()
        self.guards: tuple[Guard, ...] = ()
        self.statement: ast.stmt | None = None
        self.root = 0
        self.roots: dict[int, ast.AST] = {}  # the function that nothing in the text calls, for each root
        self.budget = _BUDGET
        self.stars: list[str] = []
        self.stack: list[ast.AST] = []
        self.results: list[list[Value]] = []
        self.read: set[ast.AST] = set()
        self.journals: list[dict[tuple[int, str], tuple[dict[str, Value], Any]]] = []
        self.survey = Survey(tree)
        self.others: tuple[Value, ...] = ()  # what a call may speak to instead
        self.named: dict[ast.AST, set[str]] = {}  # names in functions that were given away
        self.stepped = 0
        self.resolved: set[ast.AST] = set()  # calls of a method ``step`` that the text itself defines
        self.moduli: dict[ast.AST, Value] = {}  # n of every ``i % n``

    # ------------------------------------------------------------------ the whole file

    def run(self) -> None:
        """Read the module from the top, then whatever nothing in it calls."""
        self.block(self.tree.body)
        called = self.survey.used
        for again in (False, True):
            for function in list(self.functions):
                if function.node not in self.read and (again or _name(function.node) not in called):
                    self._as_root(function)
            for cls in self.classes:
                self._class_as_root(cls, called, again)
        for instance in self.instances:
            if instance.cls.foreign and not instance.cls.is_a(*NAMES):
                self.hand_over([instance], instance.cls.node)

    def _as_root(self, function: Function) -> None:
        self.root += 1
        self.roots[self.root] = function.node
        result = enter(self, function, [], {}, None)
        self.returned.setdefault(function.node, []).append(result)
        if _name(function.node) != "configure_optimizers":
            self.hand_over([result], function.node)

    def _class_as_root(self, cls: Class, called: set[str], again: bool) -> None:
        methods = [value for value in cls.names.values() if isinstance(value, Function)]
        waiting = [each for each in methods if each.node not in self.read and self.survey.matters(each.node)]
        if not waiting:
            return
        mine = [each for each in self.instances if each.cls is cls]
        self.root += 1
        instance = mine[0] if mine else instantiate(self, cls, [], {}, None)
        for each in waiting:
            if each.node not in self.read and (again or _name(each.node) not in called):
                self._as_root(Function(each.node, each.scope, instance))

    # ------------------------------------------------------------------ names

    def write(self, names: dict[str, Value], name: str, value: Value) -> None:
        """Bind a name, so that it can be undone at the end of one arm of a condition."""
        for journal in self.journals:
            journal.setdefault((id(names), name), (names, names.get(name, MISSING)))
        names[name] = value

    def bind(self, name: str, value: Value) -> None:
        """Bind a name in the scope where Python would."""
        if isinstance(value, Unknown) and not value.name:
            value.name = name
        names = self.home(name)
        self.replaced(names.get(name), value)
        self.write(names, name, value)

    def home(self, name: str) -> dict[str, Value]:
        """Return the names of the scope in which Python would bind this one."""
        if name in self.scope.globals_:
            return self.module.names
        scope = self.scope.outer if name in self.scope.nonlocals else None
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope.names if scope is not None else self.scope.names

    def replaced(self, old: Value | None, new: Value) -> None:
        """A scheduler whose name is given to an item of something out of sight: an unpickled copy takes its place."""
        if isinstance(old, Scheduler) and isinstance(new, Scheduler) and old is not new and old.guards == self.guards:
            old.replaced = True
        unpickled = isinstance(new, Unknown) and new.origin == "item" and _UNPICKLED.search(new.source)
        if unpickled and isinstance(old, (Scheduler, Optimizer)) and self.statement is not None:
            self.happen("replace", old, self.statement)

    def look_up(self, name: str) -> Value:
        """Return what a name stands for."""
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        for module in self.stars:
            path = torch_names.from_star(module, name)
            if path is not None:
                return Ref(path)
        if name in _AMBIENT:  # never bound in the text: it cannot be anything else
            return Ref({"optim": "torch.optim", "lr_scheduler": "torch.optim.lr_scheduler"}.get(name, name))
        value = Unknown(name, "expression")
        if name in _BUILTINS:
            return Ref(f"builtins.{name}")
        self.write(self.module.names, name, value)
        return value

    # ------------------------------------------------------------------ what happens

    def happen(
        self,
        kind: str,
        value: Value,
        node: ast.AST,
        args: Iterable[Value] = (),
        via: str = "",
        nodes: Iterable[ast.expr] = (),
    ) -> None:
        """Write an event down, unless the conditions around it keep this value out."""
        if isinstance(value, Scheduler) and kind != "handover" and self._kept_out(value):
            return
        self.stepped += kind == "step"
        if self.stepped > STEPS or len(self.events) > EVENTS:
            self.budget = -1
            return
        self.events.append(
            Event(
                kind, value, node, self.loops, self.guards, self.root, self.statement, tuple(args), via, tuple(nodes),
                self.others,
            )
        )  # fmt: skip

    def keep(self, scheduler: Scheduler) -> None:
        """Write a scheduler down that the text builds."""
        self.schedulers.append(scheduler)
        if len(self.schedulers) > SCHEDULERS:
            self.budget = -1

    def _kept_out(self, scheduler: Scheduler) -> bool:
        return exclude(scheduler.guards, self.guards) or excludes_class(self.guards, scheduler)

    def hand_over(self, values: Iterable[Value], node: ast.AST) -> None:
        """Say that the values go where the text cannot be followed."""
        todo, seen = list(values), set()
        while todo:
            value = todo.pop()
            known = id(value.node) if isinstance(value, Function) else id(value)
            if known in seen:
                continue
            seen.add(known)
            if isinstance(value, Scheduler):
                value.handed_over = True
                self.happen("handover", value, node)
                parts = value.args.get("schedulers")
                todo += [parts] if parts is not None else []
            elif isinstance(value, (Optimizer, Unknown)):
                self.happen("handover", value, node)
            elif isinstance(value, Items):
                todo += value.values
            elif isinstance(value, Table):
                todo += value.entries.values()
            elif isinstance(value, (Instance, Namespace)):
                todo += value.attrs.values()
            elif isinstance(value, Choice):
                todo += value.options
            elif isinstance(value, Method):
                todo.append(value.of)
            elif isinstance(value, Function):
                if value.owner is not None:
                    todo.append(value.owner)
                self._closure(value, todo)

    def _closure(self, function: Function, todo: list[Value]) -> None:
        """What a function given away may step: the values it names."""
        if function.node not in self.named:
            self.named[function.node] = {each.id for each in ast.walk(function.node) if isinstance(each, ast.Name)}
        for name in self.named[function.node]:
            scope: Scope | None = function.scope
            while scope is not None:
                value = scope.names.get(name)
                if value is not None and not isinstance(value, (Const, Ref, Class, Unknown)):
                    todo.append(value)
                scope = scope.outer

    # ------------------------------------------------------------------ statements

    def block(self, body: list[ast.stmt]) -> bool:
        """Read statements in order; return whether control reaches the end."""
        for index, each in enumerate(body):
            self.statement = each
            if isinstance(each, ast.If):
                flow = if_(self, each, body[index + 1 :])
                if flow is None:
                    continue
                return flow
            if not self.one(each):
                return STOP
        return NEXT

    def one(self, node: ast.stmt) -> bool:
        """Read one statement."""
        self.budget -= 1
        if self.budget < 0:
            return STOP
        read = STATEMENTS.get(type(node))
        if read is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.eval(child)
            return NEXT
        flow = read(self, node)
        return NEXT if flow is None else bool(flow)

    # ------------------------------------------------------------------ expressions

    def eval(self, node: ast.expr) -> Value:
        """Return what an expression stands for."""
        read = EXPRESSIONS.get(type(node))
        if read is not None:
            value: Value = read(self, node)
            return value
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child)
        return Unknown("", "changing" if self.loops else "expression")

    def attribute(self, owner: Value, name: str) -> Value:
        """Return an attribute of a value."""
        if name == "__dict__" and isinstance(owner, (Instance, Namespace)):
            return Namespace(owner.attrs)
        if isinstance(owner, Ref):
            return Ref(canonical(f"{owner.path}.{name}"))
        if isinstance(owner, Instance):
            if name in owner.attrs:
                return owner.attrs[name]
            found = owner.cls.find(name)
            if isinstance(found, Function):
                if _is_property(found.node):
                    return enter(self, Function(found.node, found.scope, owner), [], {}, found.node)
                return Function(found.node, found.scope, owner)
            if found is not None:
                return Unknown(name, "attribute") if isinstance(found, Const) and owner.cls.foreign else found
        if isinstance(owner, Class):
            return owner.find(name) or Unknown(name, "attribute")
        if isinstance(owner, Table):
            return owner.entries.get(name) or Method(owner, name)
        if isinstance(owner, (Instance, Unknown)):
            if name not in owner.attrs:
                changes = isinstance(owner, Unknown) and owner.changes
                holder = (owner.name or "?") if isinstance(owner, Unknown) else ""
                owner.attrs[name] = Unknown(name, "changing" if changes else "attribute", holder=holder)
            return owner.attrs[name]
        if isinstance(owner, Namespace):
            return owner.attrs.get(name) or Unknown(name, "attribute")
        return Method(owner, name)


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))


def _is_property(node: ast.AST) -> bool:
    return any(getattr(each, "id", "") == "property" for each in getattr(node, "decorator_list", ()))


_UNPICKLED = re.compile(r"(?i)load|ckpt|checkpoint|state|resume|snapshot")
_BUILTINS = frozenset(dir(builtins))
