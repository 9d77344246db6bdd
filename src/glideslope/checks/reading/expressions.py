"""Expressions: what each stands for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .arithmetic import LONGEST, binary, compare, unary
from .branches import truth, under
from .calls import call
from .conditions import turns
from .configuration import loosen
from .repetition import describe
from .targets import store
from .values import (
    Const,
    Function,
    Items,
    Namespace,
    Scope,
    Table,
    Unknown,
    Value,
    is_hashable,
    is_tracked,
    one_of,
    options,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter


def _constant(to: Interpreter, node: ast.Constant) -> Value:
    return Const(node.value)


def _name(to: Interpreter, node: ast.Name) -> Value:
    return to.look_up(node.id)


def _attribute(to: Interpreter, node: ast.Attribute) -> Value:
    found = [to.attribute(each, node.attr) for each in options(to.eval(node.value))]
    return one_of(*found) if found else Unknown(node.attr, "attribute")


def _call(to: Interpreter, node: ast.Call) -> Value:
    to.budget -= 1
    if to.budget < 0:
        return Unknown("", "call")
    return call(to, node)


def _items(to: Interpreter, node: ast.List | ast.Tuple | ast.Set) -> Value:
    values: list[Value] = []
    to.budget -= len(node.elts) // 32
    for each in node.elts if to.budget >= 0 else ():
        if isinstance(each, ast.Starred):
            inner = to.eval(each.value)
            values += inner.values if isinstance(inner, Items) else [Unknown("", "expression")]
        else:
            values.append(to.eval(each))
    return Items(values) if len(values) <= LONGEST else Unknown("", "expression")


def _dict(to: Interpreter, node: ast.Dict) -> Value:
    table = Table({}, node=node)
    for key, value in zip(node.keys, node.values, strict=False):
        found = to.eval(value)
        name = to.eval(key) if key is not None else None
        if isinstance(name, Const) and is_hashable(name.value):
            table.entries[name.value] = found
        elif key is None and isinstance(found, Table):
            if not found.whole:
                loosen(to, table)
            table.entries.update(found.entries)
            table.whole = table.whole and found.whole
        else:
            if key is None:
                loosen(to, table)
            table.whole = False
            table.entries[id(value)] = found
    return table


def _subscript(to: Interpreter, node: ast.Subscript) -> Value:
    key = to.eval(node.slice)
    found = [_item(to, each, key) for each in options(to.eval(node.value))]
    return one_of(*found) if found else Unknown("", "expression")


def _item(to: Interpreter, owner: Value, key: Value) -> Value:
    if isinstance(owner, Items):
        if (
            isinstance(key, Const)
            and isinstance(key.value, int)
            and -len(owner.values) <= key.value < len(owner.values)
        ):
            return owner.values[key.value]
        if owner.values and any(is_tracked(each) for each in owner.values):
            return one_of(*owner.values)
    if isinstance(owner, Table):
        if isinstance(key, Const) and is_hashable(key.value) and key.value in owner.entries:
            return owner.entries[key.value]
        if not isinstance(key, Const) and owner.entries:
            return one_of(*owner.entries.values(), *([] if owner.whole else [Unknown()]))
    if isinstance(owner, Namespace) and isinstance(key, Const) and key.value in owner.attrs:
        return owner.attrs[str(key.value)]
    if isinstance(owner, Unknown) and isinstance(key, Const) and isinstance(key.value, (str, int)):
        label = f"[{key.value}]"
        if label not in owner.attrs:
            name = key.value if isinstance(key.value, str) else owner.name
            source = f"{owner.source} {owner.name}"
            owner.attrs[label] = Unknown(name, "changing" if owner.changes else "item", source)
        return owner.attrs[label]
    if isinstance(owner, Unknown) and owner.changes:
        return Unknown("", "changing")
    return Unknown("", "changing" if to.loops else "expression")


def _binary(to: Interpreter, node: ast.BinOp) -> Value:
    right = to.eval(node.right)
    if isinstance(node.op, ast.Mod):
        to.moduli[node] = right
    return _mark(to, binary(node.op, to.eval(node.left), right))


def _unary(to: Interpreter, node: ast.UnaryOp) -> Value:
    return _mark(to, unary(node.op, to.eval(node.operand)))


def _compare(to: Interpreter, node: ast.Compare) -> Value:
    value = compare(to.eval(node.left), node.ops, [to.eval(each) for each in node.comparators])
    if isinstance(value, Unknown):
        value.every = turns(to, node, True)
    return value


def _mark(to: Interpreter, value: Value) -> Value:
    if isinstance(value, Unknown) and to.loops:
        value.origin = "changing"
    return value


def _choose(to: Interpreter, node: ast.IfExp) -> Value:
    to.eval(node.test)
    decided = truth(node.test)
    if decided is not None:
        return to.eval(node.body if decided else node.orelse)
    return one_of(under(to, node, True, node.body), under(to, node, False, node.orelse))


def _bool(to: Interpreter, node: ast.BoolOp) -> Value:
    """Read the first value, and each later one under the condition that the ones before it do not settle it."""
    both = isinstance(node.op, ast.And)
    values = [to.eval(node.values[0])]
    for count, each in enumerate(node.values[1:], 1):
        if not any(isinstance(part, ast.Call) for part in ast.walk(each)):
            values.append(to.eval(each))
            continue
        before = node.values[0] if count == 1 else ast.BoolOp(node.op, node.values[max(0, count - 8) : count])
        values.append(under(to, ast.IfExp(before, each, each), both, each))
    return Unknown("", "changing" if any(map(_changes, values)) else "expression") if both else one_of(*values)


def _changes(value: Value) -> bool:
    return isinstance(value, Unknown) and value.changes


def _lambda(to: Interpreter, node: ast.Lambda) -> Value:
    return Function(node, to.scope)


def _walrus(to: Interpreter, node: ast.NamedExpr) -> Value:
    value = to.eval(node.value)
    store(to, node.target, value)
    return value


def _comprehension(to: Interpreter, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    first = node.generators[0]
    over = to.eval(first.iter)
    outer = to.scope
    to.scope = Scope({}, outer)
    values: list[Value] = []
    known = isinstance(over, Items) and not over.open and len(over.values) <= 32 and len(node.generators) == 1
    before, around = len(to.schedulers), to.loops
    if not known:
        to.loops = (*around, describe(_as_for(node), over))
    for item in over.values if isinstance(over, Items) and known else [Unknown("", "changing")]:
        to.budget -= 1
        if to.budget < 0:
            break
        store(to, first.target, item)
        values.append(to.eval(node.elt))
    for each in to.schedulers[before:]:
        each.many = each.many or not known
    to.scope, to.loops = outer, around
    if known and not first.ifs:
        return Items(values)
    return Items(values, open=True) if any(is_tracked(each) for each in values) else Unknown("", "expression")


def _as_for(node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> ast.For:
    """The comprehension as the loop that it is."""
    first = node.generators[0]
    body = ast.copy_location(ast.Expr(node.elt), node.elt)
    return ast.copy_location(ast.For(first.target, first.iter, [body], []), node)


def _await(to: Interpreter, node: ast.Await) -> Value:
    return to.eval(node.value)


def _yield(to: Interpreter, node: ast.Yield | ast.YieldFrom) -> Value:
    if node.value is not None:
        to.hand_over([to.eval(node.value)], node)
    return Unknown("", "expression")


def _formatted(to: Interpreter, node: ast.JoinedStr) -> Value:
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            to.eval(each)
    return Unknown("", "expression")


EXPRESSIONS: dict[type, Any] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _items,
    ast.Dict: _dict,
    ast.Subscript: _subscript,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.IfExp: _choose,
    ast.BoolOp: _bool,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.JoinedStr: _formatted,
}
