"""Reads a module in the order in which it would run, and writes down what happens to optimizers and schedulers.

Nothing is executed: a function of the file is read anew at each of its call sites, with what is known of its arguments;
the body of a loop is read once; both arms of a condition are read, and a name that differs afterwards may be either.
Whatever leaves the file (an imported function, a base class, a caller that is not in the text) is marked as handed
over, and nothing is claimed about it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import Any

from . import _torch_names as torch_names
from ._arithmetic import binary, compare, unary
from ._calls import call
from ._events import Event, Guard
from ._facts import exclude, excludes_class
from ._loops import Loop
from ._survey import Survey
from ._values import (
    Choice,
    Class,
    Const,
    Function,
    Instance,
    Items,
    Loader,
    Method,
    Namespace,
    Optimizer,
    Range,
    Ref,
    Scaler,
    Scheduler,
    Scope,
    Table,
    Unknown,
    Value,
    number,
    one_of,
    options,
)

LIGHTNING = ("LightningModule",)
_DEPTH = 12
_BUDGET = 60_000
_MISSING = object()
_NEXT, _STOP = True, False  # does control reach the next statement?
_AMBIENT = frozenset(("optim", "lr_scheduler", "torch"))


class Interpreter:
    """One reading of one module."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.events: list[Event] = []
        self.schedulers: list[Scheduler] = []
        self.optimizers: list[Optimizer] = []
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
        self.budget = _BUDGET
        self.stars: list[str] = []
        self.stack: list[ast.AST] = []
        self.results: list[list[Value]] = []
        self.read: set[ast.AST] = set()
        self.journals: list[dict[tuple[int, str], tuple[dict[str, Value], Any]]] = []
        self.survey = Survey(tree)
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
            if instance.cls.foreign and not instance.cls.is_a(*LIGHTNING):
                self.hand_over([instance], instance.cls.node)

    def _as_root(self, function: Function) -> None:
        self.root += 1
        result = self.enter(function, [], {}, None)
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
        instance = mine[0] if mine else self.instantiate(cls, [], {}, None)
        for each in waiting:
            if each.node not in self.read and (again or _name(each.node) not in called):
                self._as_root(Function(each.node, each.scope, instance))

    # ------------------------------------------------------------------ names

    def write(self, names: dict[str, Value], name: str, value: Value) -> None:
        """Bind a name, so that it can be undone at the end of one arm of a condition."""
        for journal in self.journals:
            journal.setdefault((id(names), name), (names, names.get(name, _MISSING)))
        names[name] = value

    def bind(self, name: str, value: Value) -> None:
        """Bind a name in the scope where Python would."""
        if isinstance(value, Unknown) and not value.name:
            value.name = name
        names = self.module.names if name in self.scope.globals_ else self.scope.names
        self._replaced(names.get(name), value)
        self.write(names, name, value)

    def _replaced(self, old: Value | None, new: Value) -> None:
        """A scheduler whose name is given to an item of something out of sight: an unpickled copy takes its place."""
        if (
            isinstance(old, Scheduler)
            and isinstance(new, Unknown)
            and new.origin == "item"
            and self.statement is not None
        ):
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
        self.events.append(
            Event(kind, value, node, self.loops, self.guards, self.root, self.statement, tuple(args), via, tuple(nodes))
        )

    def _kept_out(self, scheduler: Scheduler) -> bool:
        return exclude(scheduler.guards, self.guards) or excludes_class(self.guards, scheduler.name)

    def hand_over(self, values: Iterable[Value], node: ast.AST) -> None:
        """Say that the values go where the text cannot be followed."""
        todo, seen = list(values), set()
        while todo:
            value = todo.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
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
        """What a function given away may step: the tracked values it names."""
        for each in ast.walk(function.node):
            if isinstance(each, ast.Name):
                scope: Scope | None = function.scope
                while scope is not None:
                    value = scope.names.get(each.id)
                    if isinstance(value, (Scheduler, Optimizer, Choice)):
                        todo.append(value)
                    scope = scope.outer

    # ------------------------------------------------------------------ statements

    def block(self, body: list[ast.stmt]) -> bool:
        """Read statements in order; return whether control reaches the end."""
        for index, each in enumerate(body):
            self.statement = each
            if isinstance(each, ast.If):
                flow = self._if(each, body[index + 1 :])
                if flow is None:
                    continue
                return flow
            if not self.one(each):
                return _STOP
        return _NEXT

    def one(self, node: ast.stmt) -> bool:
        """Read one statement."""
        self.budget -= 1
        if self.budget < 0:
            return _STOP
        read = _STATEMENTS.get(type(node))
        if read is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.eval(child)
            return _NEXT
        flow = read(self, node)
        return _NEXT if flow is None else bool(flow)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.bind(alias.asname, Ref(alias.name))
            else:
                first = alias.name.split(".")[0]
                self.bind(first, Ref(first))

    def _import_from(self, node: ast.ImportFrom) -> None:
        home = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(home)
            else:
                self.bind(alias.asname or alias.name, Ref(_canonical(f"{home}.{alias.name}")))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        function = Function(node, self.scope)
        for decorator in node.decorator_list:
            self.eval(decorator)
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if any(isinstance(each, Ref) and each.path == "torch.compile" for each in options(self.eval(called))):
                self.happen("compile", function, decorator)
        if not any(function.node is each.node for each in self.functions):
            self.functions.append(function)
        self.bind(node.name, function)

    def _class(self, node: ast.ClassDef) -> None:
        bases = tuple(self.eval(base) for base in node.bases)
        cls = Class(node, self.scope, {}, tuple(each for base in bases for each in options(base)))
        outer, functions = self.scope, self.functions
        self.scope, self.functions = Scope(cls.names, outer), []
        self.block(node.body)
        self.scope, self.functions = outer, functions
        for value in cls.names.values():
            if isinstance(value, Function):
                value.scope = outer
        self.classes.append(cls)
        self.bind(node.name, cls)

    def _return(self, node: ast.Return) -> bool:
        value = self.eval(node.value) if node.value else Const(None)
        if self.results:
            self.results[-1].append(value)
        return _STOP

    def _leave(self, node: ast.stmt) -> bool:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child)
        return _STOP

    def _assign(self, node: ast.Assign) -> None:
        value = self.eval(node.value)
        for target in node.targets:
            self.store(target, value)

    def _ann_assign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.store(node.target, self.eval(node.value))

    def _aug_assign(self, node: ast.AugAssign) -> None:
        old, new = self.eval(node.target), self.eval(node.value)
        if isinstance(old, Items) and isinstance(new, Items):
            old.values.extend(new.values)
            return
        value: Value = Unknown("", "changing") if self.loops else binary(node.op, old, new)
        self.store(node.target, value)

    def store(self, target: ast.expr, value: Value) -> None:
        """Bind the target of an assignment."""
        if isinstance(target, ast.Name):
            self.bind(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Starred):
            self.store(target.value, Unknown("", "expression"))
        elif isinstance(target, ast.Attribute):
            for owner in options(self.eval(target.value)):
                self._store_attr(owner, target.attr, value, target)
        elif isinstance(target, ast.Subscript):
            self._store_item(target, value)

    def _unpack(self, targets: list[ast.expr], value: Value) -> None:
        ways = [each.values for each in options(value) if isinstance(each, Items)]
        known = bool(ways) and len(ways) == len(options(value)) and all(len(way) == len(targets) for way in ways)
        for index, target in enumerate(targets):
            if known:
                self.store(target, one_of(*(way[index] for way in ways)))
            else:
                origin = "changing" if self.loops or getattr(value, "origin", "") == "changing" else "call"
                self.store(target, Unknown("", origin))

    def _store_attr(self, owner: Value, name: str, value: Value, node: ast.expr) -> None:
        if isinstance(value, Unknown) and not value.name:
            value.name = name
        if isinstance(owner, (Instance, Namespace)):
            self._replaced(owner.attrs.get(name), value)
            self.write(owner.attrs, name, value)
        elif isinstance(owner, Class):
            self.write(owner.names, name, value)
        elif isinstance(owner, Unknown):
            self.write(owner.attrs, name, value)
            self.hand_over([value], node)
        elif isinstance(owner, Scheduler):
            owner.adjusted = True
        else:
            self.hand_over([value], node)

    def _store_item(self, target: ast.Subscript, value: Value) -> None:
        key = self.eval(target.slice)
        for owner in options(self.eval(target.value)):
            if isinstance(owner, Table) and isinstance(key, Const) and _hashable(key.value):
                owner.entries[key.value] = one_of(owner.entries.get(key.value), value) if self.guards else value
            elif isinstance(owner, Table):
                owner.whole = False
                self.hand_over([value], target)
            elif isinstance(owner, Namespace) and isinstance(key, Const) and isinstance(key.value, str):
                self.write(owner.attrs, key.value, value)
            else:
                self.hand_over([value], target)

    # ------------------------------------------------------------------ conditions

    def _if(self, node: ast.If, rest: list[ast.stmt]) -> bool | None:
        """Read both arms. None: go on with the next statement; else the rest has been read too."""
        test = self.eval(node.test)
        decided = _truth(test, node.test)
        if decided is not None:
            return None if self.block(node.body if decided else node.orelse) else _STOP
        steady = self.is_steady(node.test)
        first, yes = self._arm(node, node.body, True, steady)
        second, no = self._arm(node, node.orelse, False, steady)
        if first and second:
            self._merge(yes, no)
            return None
        if not first and not second:
            return _STOP
        self._replay(yes if first else no)
        outer = self.guards
        self.guards = (*outer, self._guard(node, first, steady))
        flow = self.block(rest)
        self.guards = outer
        return flow

    def _arm(self, node: ast.AST, body: list[ast.stmt], arm: bool, steady: bool) -> tuple[bool, dict[Any, Any]]:
        """Read one arm and put the names back; return whether it falls through, and what it wrote."""
        outer = self.guards
        self.guards = (*outer, self._guard(node, arm, steady))
        journal: dict[tuple[int, str], tuple[dict[str, Value], Any]] = {}
        self.journals.append(journal)
        flow = self.block(body)
        self.journals.pop()
        self.guards = outer
        written = {}
        for (key, name), (names, old) in journal.items():
            written[key, name] = (names, names.get(name, _MISSING), old)
            if old is _MISSING:
                names.pop(name, None)
            else:
                names[name] = old
        return flow, written

    def _guard(self, node: ast.AST, arm: bool, steady: bool) -> Guard:
        test = getattr(node, "test", None)
        first = test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else test
        nodes = ast.walk(first) if first is not None else ()
        every = next((self.moduli[each] for each in nodes if each in self.moduli), None)
        return Guard(node, arm, steady, bool(self.loops), number(every))

    def _merge(self, yes: dict[Any, Any], no: dict[Any, Any]) -> None:
        for key in {**yes, **no}:
            names, _, old = yes.get(key) or no[key]
            values = [side[key][1] if key in side else old for side in (yes, no)]
            self.write(names, key[1], one_of(*(value for value in values if value is not _MISSING)))

    def _replay(self, side: dict[Any, Any]) -> None:
        for (_, name), (names, new, _old) in side.items():
            if new is not _MISSING:
                self.write(names, name, new)

    def is_steady(self, test: ast.expr) -> bool:
        """Whether a condition is an option of the run rather than something that changes from turn to turn."""
        for each in ast.walk(test):
            if isinstance(each, ast.Call) and not (isinstance(each.func, ast.Name) and each.func.id in _ASKING):
                return False
            if isinstance(each, ast.Compare) and any(
                isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for op in each.ops
            ):
                return False
            if isinstance(each, ast.BinOp):
                return False
            if isinstance(each, (ast.Name, ast.Attribute)) and any(
                isinstance(value, Unknown) and (value.changes or (value.origin == "call" and bool(self.loops)))
                for value in options(self.eval(each))
            ):
                return False
        return True

    def _try(self, node: ast.Try) -> bool:
        flow = self.block(node.body)
        handlers = []
        for handler in node.handlers:
            handlers.append(self._arm(handler, handler.body, False, False))
        for falls, written in handlers:
            if falls:
                for (_, name), (names, new, _old) in written.items():
                    if new is _MISSING:
                        continue
                    if isinstance(names.get(name), (Ref, Class, Function)):
                        continue  # the import that works
                    self.write(names, name, one_of(names.get(name), new) if name in names else new)
        if flow:
            flow = self.block(node.orelse)
        last = self.block(node.finalbody)
        return last and (flow or any(falls for falls, _ in handlers))

    def _with(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            value = self.eval(item.context_expr)
            if item.optional_vars is not None:
                self.store(item.optional_vars, Unknown("", "expression") if isinstance(value, Const) else value)
        return self.block(node.body)

    def _match(self, node: ast.Match) -> bool:
        self.eval(node.subject)
        sides = [self._arm(case, case.body, True, self.is_steady(node.subject)) for case in node.cases]
        falling = [written for falls, written in sides if falls]
        for written in falling:
            for (_, name), (names, new, _old) in written.items():
                if new is not _MISSING:
                    self.write(names, name, one_of(names.get(name), new) if name in names else new)
        return bool(falling) or not sides

    # ------------------------------------------------------------------ loops

    def _for(self, node: ast.For | ast.AsyncFor) -> bool:
        over = self.eval(node.iter)
        items = over.values if isinstance(over, Items) else None
        if items is not None and 0 < len(items) <= 8 and any(_is_tracked(each) for each in items):
            for item in items:
                self.store(node.target, item)
                self.block(node.body)
            return self.block(node.orelse)
        loop = self._describe(node, over)
        self._repeat(loop, node.target, node.body)
        return self.block(node.orelse)

    def _while(self, node: ast.While) -> bool:
        self.eval(node.test)
        loop = Loop(node)
        self._repeat(loop, None, node.body)
        return self.block(node.orelse)

    def _repeat(self, loop: Loop, target: ast.expr | None, body: list[ast.stmt]) -> None:
        outer = self.loops
        self.loops = (*outer, loop)
        self._forget(body)
        if target is not None:
            for each in ast.walk(target):
                if isinstance(each, ast.Name):
                    self.write(self.scope.names, each.id, Unknown(each.id, "changing"))
        self.block(body)
        self.loops = outer

    def _forget(self, body: list[ast.stmt]) -> None:
        """A number that the body of a loop changes is not known inside it."""
        for statement in body:
            for each in ast.walk(statement):
                if isinstance(each, (ast.Name, ast.Attribute)) and isinstance(each.ctx, ast.Store):
                    names = self._place(each)
                    name = each.id if isinstance(each, ast.Name) else each.attr
                    old = names.get(name) if names is not None else None
                    if names is not None and isinstance(old, Const) and old != Const(None):
                        self.write(names, name, Unknown(name, "changing"))

    def _place(self, node: ast.Name | ast.Attribute) -> dict[str, Value] | None:
        if isinstance(node, ast.Name):
            return self.module.names if node.id in self.scope.globals_ else self.scope.names
        if isinstance(node.value, ast.Name):
            owner = self.scope.names.get(node.value.id)
            if isinstance(owner, (Instance, Namespace)):
                return owner.attrs
        return None

    def _describe(self, node: ast.For | ast.AsyncFor, over: Value) -> Loop:
        found = options(over)
        first = found[0] if found else over
        if isinstance(first, Range):
            return Loop(node, start=first.start, stop=first.stop, step=first.step)
        return Loop(node, over=first)

    # ------------------------------------------------------------------ functions

    def enter(self, function: Function, args: list[Value], keywords: dict[str, Value], node: ast.AST | None) -> Value:
        """Read the body of a function with these arguments; ``node`` is the call, None where nothing calls it."""
        target = function.node
        self.read.add(target)
        if len(self.stack) >= _DEPTH or target in self.stack or self.budget < 0:
            if node is not None:
                self.hand_over([*args, *keywords.values()], node)
            return Unknown("", "call")
        names = self._parameters(function, args, keywords, node is not None)
        kept = self.scope, self.statement
        self.scope = Scope(names, function.scope, self.survey.globals_of(target))
        self.stack.append(target)
        if isinstance(target, ast.Lambda):
            result = self.eval(target.body)
        else:
            self.results.append([])
            falls = self.block(target.body)
            results = self.results.pop()
            result = one_of(*results, *([Const(None)] if falls and not results else []))
        self.stack.pop()
        self.scope, self.statement = kept
        return result

    def _parameters(
        self, function: Function, args: list[Value], keywords: dict[str, Value], called: bool
    ) -> dict[str, Value]:
        spec = function.node.args
        names: dict[str, Value] = {}
        positional = [*spec.posonlyargs, *spec.args]
        given = [function.owner, *args] if function.owner is not None and not _is_static(function.node) else list(args)
        for arg, value in zip(positional, given, strict=False):
            names[arg.arg] = value
        if spec.vararg is not None:
            names[spec.vararg.arg] = Items(list(given[len(positional) :]))
        known = {arg.arg for arg in (*positional, *spec.kwonlyargs)}
        for name, value in keywords.items():
            if name in known:
                names[name] = value
        if spec.kwarg is not None:
            extra: dict[object, Value] = {name: value for name, value in keywords.items() if name not in known}
            names[spec.kwarg.arg] = Table(extra, whole=called)
        if called:
            outer = self.scope
            self.scope = function.scope
            for arg, default in zip(reversed(positional), reversed(spec.defaults), strict=False):
                if arg.arg not in names:
                    names[arg.arg] = self.eval(default)
            for arg, maybe in zip(spec.kwonlyargs, spec.kw_defaults, strict=False):
                if arg.arg not in names and maybe is not None:
                    names[arg.arg] = self.eval(maybe)
            self.scope = outer
        for arg in (*positional, *spec.kwonlyargs):
            names.setdefault(arg.arg, Unknown(arg.arg, "parameter"))
        return names

    def instantiate(self, cls: Class, args: list[Value], keywords: dict[str, Value], node: ast.AST | None) -> Instance:
        """Make an object of a class of the file and read its ``__init__``."""
        instance = Instance(cls)
        self.instances.append(instance)
        init = cls.find("__init__")
        if isinstance(init, Function):
            self.enter(Function(init.node, init.scope, instance), args, keywords, node)
        else:
            fields = [
                each.target.id
                for each in cls.node.body
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            ]
            instance.attrs.update(zip(fields, args, strict=False))
            instance.attrs.update(keywords)
            if node is not None and cls.foreign:
                self.hand_over([*args, *keywords.values()], node)
        return instance

    # ------------------------------------------------------------------ expressions

    def eval(self, node: ast.expr) -> Value:
        """Return what an expression stands for."""
        read = _EXPRESSIONS.get(type(node))
        if read is not None:
            value: Value = read(self, node)
            return value
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child)
        return Unknown("", "changing" if self.loops else "expression")

    def _constant(self, node: ast.Constant) -> Value:
        return Const(node.value)

    def _name(self, node: ast.Name) -> Value:
        return self.look_up(node.id)

    def _attribute(self, node: ast.Attribute) -> Value:
        found = [self.attribute(each, node.attr) for each in options(self.eval(node.value))]
        return one_of(*found) if found else Unknown(node.attr, "attribute")

    def attribute(self, owner: Value, name: str) -> Value:
        """Return an attribute of a value."""
        if isinstance(owner, Ref):
            return Ref(_canonical(f"{owner.path}.{name}"))
        if isinstance(owner, Instance):
            if name in owner.attrs:
                return owner.attrs[name]
            found = owner.cls.find(name)
            if isinstance(found, Function):
                if _is_property(found.node):
                    return self.enter(Function(found.node, found.scope, owner), [], {}, found.node)
                return Function(found.node, found.scope, owner)
            if found is not None:
                return found
        if isinstance(owner, Class):
            return owner.find(name) or Unknown(name, "attribute")
        if isinstance(owner, Table):
            return owner.entries.get(name) or Method(owner, name)
        if isinstance(owner, (Instance, Unknown)):
            if name not in owner.attrs:
                changes = isinstance(owner, Unknown) and owner.changes
                owner.attrs[name] = Unknown(name, "changing" if changes else "attribute")
            return owner.attrs[name]
        if isinstance(owner, Namespace):
            return owner.attrs.get(name) or Unknown(name, "attribute")
        return Method(owner, name)

    def _call(self, node: ast.Call) -> Value:
        self.budget -= 1
        if self.budget < 0:
            return Unknown("", "call")
        return call(self, node)

    def _items(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        values: list[Value] = []
        for each in node.elts:
            if isinstance(each, ast.Starred):
                inner = self.eval(each.value)
                values += inner.values if isinstance(inner, Items) else [Unknown("", "expression")]
            else:
                values.append(self.eval(each))
        return Items(values)

    def _dict(self, node: ast.Dict) -> Value:
        table = Table({}, node=node)
        for key, value in zip(node.keys, node.values, strict=False):
            found = self.eval(value)
            name = self.eval(key) if key is not None else None
            if isinstance(name, Const) and _hashable(name.value):
                table.entries[name.value] = found
            elif key is None and isinstance(found, Table):
                table.entries.update(found.entries)
                table.whole = table.whole and found.whole
            else:
                table.whole = False
                table.entries[id(value)] = found
        return table

    def _subscript(self, node: ast.Subscript) -> Value:
        key = self.eval(node.slice)
        found = [self._item(each, key) for each in options(self.eval(node.value))]
        return one_of(*found) if found else Unknown("", "expression")

    def _item(self, owner: Value, key: Value) -> Value:
        if isinstance(owner, Items):
            if (
                isinstance(key, Const)
                and isinstance(key.value, int)
                and -len(owner.values) <= key.value < len(owner.values)
            ):
                return owner.values[key.value]
            if owner.values and any(_is_tracked(each) for each in owner.values):
                return one_of(*owner.values)
        if isinstance(owner, Table):
            if isinstance(key, Const) and _hashable(key.value) and key.value in owner.entries:
                return owner.entries[key.value]
            if not isinstance(key, Const) and owner.entries:
                return one_of(*owner.entries.values(), *([] if owner.whole else [Unknown()]))
        if isinstance(owner, Namespace) and isinstance(key, Const) and key.value in owner.attrs:
            return owner.attrs[str(key.value)]
        if isinstance(owner, Unknown) and isinstance(key, Const) and isinstance(key.value, (str, int)):
            label = f"[{key.value}]"
            if label not in owner.attrs:
                name = key.value if isinstance(key.value, str) else owner.name
                owner.attrs[label] = Unknown(name, "changing" if owner.changes else "item")
            return owner.attrs[label]
        if isinstance(owner, Unknown) and owner.changes:
            return Unknown("", "changing")
        return Unknown("", "changing" if self.loops else "expression")

    def _binary(self, node: ast.BinOp) -> Value:
        right = self.eval(node.right)
        if isinstance(node.op, ast.Mod):
            self.moduli[node] = right
        return self._mark(binary(node.op, self.eval(node.left), right))

    def _unary(self, node: ast.UnaryOp) -> Value:
        return self._mark(unary(node.op, self.eval(node.operand)))

    def _compare(self, node: ast.Compare) -> Value:
        return compare(self.eval(node.left), node.ops, [self.eval(each) for each in node.comparators])

    def _mark(self, value: Value) -> Value:
        if isinstance(value, Unknown) and self.loops:
            value.origin = "changing"
        return value

    def _choose(self, node: ast.IfExp) -> Value:
        decided = _truth(self.eval(node.test), node.test)
        if decided is not None:
            return self.eval(node.body if decided else node.orelse)
        return one_of(self.eval(node.body), self.eval(node.orelse))

    def _bool(self, node: ast.BoolOp) -> Value:
        return one_of(*(self.eval(each) for each in node.values)) if isinstance(node.op, ast.Or) else self._all(node)

    def _all(self, node: ast.BoolOp) -> Value:
        for each in node.values:
            self.eval(each)
        return Unknown("", "expression")

    def _lambda(self, node: ast.Lambda) -> Value:
        return Function(node, self.scope)

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.eval(node.value)
        self.store(node.target, value)
        return value

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
        first = node.generators[0]
        over = self.eval(first.iter)
        outer = self.scope
        self.scope = Scope({}, outer)
        values: list[Value] = []
        known = isinstance(over, Items) and len(over.values) <= 32 and len(node.generators) == 1
        for item in over.values if isinstance(over, Items) and known else [Unknown("", "changing")]:
            self.store(first.target, item)
            values.append(self.eval(node.elt))
        self.scope = outer
        if known and not first.ifs:
            return Items(values)
        return Items(values) if any(_is_tracked(each) for each in values) else Unknown("", "expression")

    def _await(self, node: ast.Await) -> Value:
        return self.eval(node.value)

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Value:
        if node.value is not None:
            self.hand_over([self.eval(node.value)], node)
        return Unknown("", "expression")

    def _formatted(self, node: ast.JoinedStr) -> Value:
        for each in ast.walk(node):
            if isinstance(each, ast.Call):
                self.eval(each)
        return Unknown("", "expression")


def _is_tracked(value: Value) -> bool:
    return any(isinstance(each, (Scheduler, Optimizer, Scaler, Loader)) for each in options(value))


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))


def _is_static(node: ast.AST) -> bool:
    return any(getattr(each, "id", "") == "staticmethod" for each in getattr(node, "decorator_list", ()))


def _is_property(node: ast.AST) -> bool:
    return any(getattr(each, "id", "") == "property" for each in getattr(node, "decorator_list", ()))


def _hashable(value: object) -> bool:
    return isinstance(value, (str, int, float, bool, bytes, type(None)))


def _canonical(path: str) -> str:
    """Two spellings of one thing in torch become one."""
    return path.replace("torch.optim.optim.", "torch.optim.")


def _truth(value: Value, test: ast.expr) -> bool | None:
    """Return whether a condition holds, where the text itself settles it."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__":
        return True
    if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
        return True
    if isinstance(test, ast.Constant):
        return bool(test.value)
    return None


_BUILTINS = frozenset(dir(builtins))
_ASKING = frozenset(("isinstance", "hasattr", "callable", "len", "bool", "getattr"))

_STATEMENTS: dict[type, Any] = {
    ast.Import: Interpreter._import,
    ast.ImportFrom: Interpreter._import_from,
    ast.FunctionDef: Interpreter._function,
    ast.AsyncFunctionDef: Interpreter._function,
    ast.ClassDef: Interpreter._class,
    ast.Return: Interpreter._return,
    ast.Raise: Interpreter._leave,
    ast.Break: Interpreter._leave,
    ast.Continue: Interpreter._leave,
    ast.Assign: Interpreter._assign,
    ast.AnnAssign: Interpreter._ann_assign,
    ast.AugAssign: Interpreter._aug_assign,
    ast.Try: Interpreter._try,
    ast.With: Interpreter._with,
    ast.AsyncWith: Interpreter._with,
    ast.Match: Interpreter._match,
    ast.For: Interpreter._for,
    ast.AsyncFor: Interpreter._for,
    ast.While: Interpreter._while,
}
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = Interpreter._try

_EXPRESSIONS: dict[type, Any] = {
    ast.Constant: Interpreter._constant,
    ast.Name: Interpreter._name,
    ast.Attribute: Interpreter._attribute,
    ast.Call: Interpreter._call,
    ast.List: Interpreter._items,
    ast.Tuple: Interpreter._items,
    ast.Set: Interpreter._items,
    ast.Dict: Interpreter._dict,
    ast.Subscript: Interpreter._subscript,
    ast.BinOp: Interpreter._binary,
    ast.UnaryOp: Interpreter._unary,
    ast.Compare: Interpreter._compare,
    ast.IfExp: Interpreter._choose,
    ast.BoolOp: Interpreter._bool,
    ast.Lambda: Interpreter._lambda,
    ast.NamedExpr: Interpreter._walrus,
    ast.ListComp: Interpreter._comprehension,
    ast.SetComp: Interpreter._comprehension,
    ast.GeneratorExp: Interpreter._comprehension,
    ast.Await: Interpreter._await,
    ast.Yield: Interpreter._yield,
    ast.YieldFrom: Interpreter._yield,
    ast.JoinedStr: Interpreter._formatted,
}
