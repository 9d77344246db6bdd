"""The text and the dict form of a schedule, both ways. The repr is the text form; nothing is ever evaluated."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ._check import ScheduleError, nearest, parameters, shorten
from .clock import Duration
from .combine import FUNCTIONS, METHODS, product
from .schedule import Schedule
from .shapes import CATALOGUE

MAX_DEPTH = 50
MAX_LENGTH = 1_000_000


def parse(text: str) -> Schedule:
    """Read a schedule from the text that its repr writes: ``parse(repr(s)) == s``.

    Shapes of the catalogue, ``sequence([...], milestones=[...])``, numbers, text, lists, the methods ``.warmup``,
    ``.clip``, ``.repeat``, ``.stretch``, ``.shift``, ``.cooldown`` and ``.hold``, and ``*``. Raises
    :class:`ScheduleError`, which points at the
    column, for anything else, for more than 50 levels of nesting and for more than a million characters.

    >>> import glideslope as gs
    >>> gs.parse("MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)")
    MultiStepDecay([30, 60, 80], gamma=0.1).warmup(5)
    """
    return Reader(text).schedule()


def parse_call(text: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Read one call with literal arguments, such as ``SGD(lr=0.1, momentum=0.9)``: its name, arguments and keywords.

    Raises :class:`ScheduleError`, which points at the column, for anything else.

    >>> parse_call("SGD(lr=0.1, momentum=0.9)")
    ('SGD', [], {'lr': 0.1, 'momentum': 0.9})
    """
    reader = Reader(text)
    node = reader.tree
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        reader.fail(node, "be a call, such as Name(key=value)")
    args = [reader.literal(each) for each in node.args]
    return node.func.id, args, {name: reader.literal(each.value) for name, each in reader.keywords(node)}


class Reader:
    """One text on its way to a value; knows how to point at a column."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ScheduleError.about("parse: `text`", "be text, such as 'StepDecay(30)'", text)
        self.text = text.strip()
        if len(self.text) > MAX_LENGTH:
            raise ScheduleError(f"parse: the text must be at most {MAX_LENGTH} characters long, got {len(self.text)}.")
        if not self.text:
            raise ScheduleError("parse: the text must be a schedule, such as StepDecay(30), got nothing.")
        self._refuse_deep_brackets()
        try:
            self.tree: ast.expr = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            before = sum(len(each) + 1 for each in self.text.split("\n")[: line - 1])
            column = before + (getattr(error, "offset", None) or 1) - 1
            reason = error.msg if isinstance(error, SyntaxError) else "it is nested too deeply or holds a null byte"
            if "integer string" in reason:
                reason = "a number is too long"
            self.stop(column, f"must be a schedule, such as StepDecay(30), but it does not read: {reason}.")

    def _refuse_deep_brackets(self) -> None:
        depth = 0
        for column, sign in enumerate(self.text):
            depth += (sign in "([{") - (sign in ")]}")
            if depth > 4 * MAX_DEPTH:
                self.stop(column, f"must be nested at most {MAX_DEPTH} deep.")

    def stop(self, column: int, problem: str) -> NoReturn:
        """Raise with the text and a caret under the column."""
        raise ScheduleError(f"parse: column {column + 1} {problem}{self.pointer(column)}") from None

    def pointer(self, column: int) -> str:
        """Two more lines: the part of the text around a column, and a caret under it."""
        line_start = self.text.rfind("\n", 0, column) + 1
        begin = max(line_start, column - 40)
        shown = self.text[begin : begin + 76].split("\n")[0]
        return f"\n  {shown}\n  {' ' * (column - begin)}^"

    def column(self, node: ast.expr | ast.keyword) -> int:
        """Where a node begins in the text, from 0; for a method, where its name begins."""
        line, offset = node.lineno, node.col_offset
        if isinstance(node, ast.Attribute):
            line, offset = node.end_lineno or line, (node.end_col_offset or 0) - len(node.attr.encode())
        line_start = sum(len(each) + 1 for each in self.text.split("\n")[: line - 1])
        return line_start + len(self.text[line_start:].encode()[:offset].decode(errors="ignore"))

    def fail(self, node: ast.expr | ast.keyword, must: str, got: str | None = None, hint: str = "") -> NoReturn:
        """Raise about a node: what must hold there, what is there."""
        piece = got or ast.get_source_segment(self.text, node) or ""
        self.stop(self.column(node), f"must {must}, got {shorten(piece)}.{' ' + hint if hint else ''}")

    def schedule(self) -> Schedule:
        """The whole text as one schedule."""
        return self._schedule(self.tree, 0)

    def _schedule(self, node: ast.expr, depth: int) -> Schedule:
        value = self._value(node, depth)
        if not isinstance(value, Schedule):
            self.fail(node, "be a schedule", hint="Write a shape with its arguments, such as StepDecay(30).")
        return value

    def _value(self, node: ast.expr, depth: int) -> Any:
        if depth > MAX_DEPTH:
            self.fail(node, f"be nested at most {MAX_DEPTH} deep", "more")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            return self._times(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        if isinstance(node, (ast.List, ast.Tuple)):
            return [self._value(each, depth + 1) for each in node.elts]
        return self.literal(node)

    def _times(self, node: ast.BinOp, depth: int) -> Schedule:
        left, right = self._value(node.left, depth + 1), self._value(node.right, depth + 1)
        if not isinstance(left, Schedule):
            left, right = right, left
        if not isinstance(left, Schedule) or isinstance(right, (str, list)):
            self.fail(node, "multiply a schedule with a schedule or a number")
        return self._build(node, {}, product, left, right)

    def literal(self, node: ast.expr) -> Any:  # noqa: RET503 - fail() never returns
        """A number (also -1 and 1/3), text, True, False, None, or a list of these."""
        if isinstance(node, ast.Constant) and (node.value is None or type(node.value) in (int, float, str, bool)):
            return node.value
        if isinstance(node, (ast.List, ast.Tuple)):
            return [self.literal(each) for each in node.elts]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            number = self._number(node.operand)
            return -number if isinstance(node.op, ast.USub) else number
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            above, below = self._number(node.left), self._number(node.right)
            try:
                return above / below
            except (ZeroDivisionError, OverflowError):
                self.fail(node, "be a finite number")
        if isinstance(node, ast.Name) and node.id in _CALLED:
            self.fail(node, "be a call", hint=f"Write {node.id}(...) with its arguments.")
        hint = nearest(node.id, _CALLED) if isinstance(node, ast.Name) else ""
        self.fail(node, "be a number, text, a list or a schedule", hint=hint)

    def _number(self, node: ast.expr) -> float:
        if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
            self.fail(node, "be a number")
        return node.value  # type: ignore[return-value]

    def _call(self, node: ast.Call, depth: int) -> Schedule:
        func = node.func
        if isinstance(func, ast.Name):
            if func.id not in _CALLED:
                self.fail(func, "be a shape of the catalogue", func.id, nearest(func.id, _CALLED))
            return self._construct(node, _CALLED[func.id], func.id, [], depth)
        if not isinstance(func, ast.Attribute):
            self.fail(node, "call a shape or a method by name")
        inner = self._schedule(func.value, depth + 1)
        if func.attr not in METHODS:
            self.fail(func, "call a method of schedules", f".{func.attr}", nearest(func.attr, METHODS))
        return self._construct(node, METHODS[func.attr], func.attr, [inner], depth)

    def keywords(self, node: ast.Call) -> list[tuple[str, ast.keyword]]:
        """The named arguments of a call; ``**`` is refused."""
        out = []
        for each in node.keywords:
            if each.arg is None:
                self.fail(each, "name each argument")
            out.append((each.arg, each))
        return out

    def _construct(self, node: ast.Call, cls: type[Schedule], name: str, given: list[Any], depth: int) -> Schedule:
        declared = parameters(cls)
        names = [each.name for each in declared]
        values = dict(zip(names, given, strict=False))
        free = names[len(given) :]
        if len(node.args) > len(free):
            self.fail(node.args[len(free)], f"take at most {len(free)} arguments in {name}(...)")
        places: dict[str, ast.expr | ast.keyword] = dict(zip(free, node.args, strict=False))
        values |= {key: self._value(argument, depth + 1) for key, argument in zip(free, node.args, strict=False)}
        for key, argument in self.keywords(node):
            if key not in free:
                self.fail(argument, f"be an argument of {name}(...)", key, nearest(key, free))
            if key in values:
                self.fail(argument, f"give `{key}` of {name}(...) once")
            places[key] = argument
            values[key] = self._value(argument.value, depth + 1)
        missing = [each.name for each in declared if each.required and each.name not in values]
        if missing:
            self.fail(node, f"give {name}(...) its `{missing[0]}`")
        return self._build(node, places, cls, **values)

    def _build(
        self,
        node: ast.expr,
        places: Mapping[str, ast.expr | ast.keyword],
        make: Callable[..., Schedule],
        *args: Any,
        **values: Any,
    ) -> Schedule:
        """Call the constructor; an error about one argument points at that argument."""
        try:
            return make(*args, **values)
        except ScheduleError as error:
            guilty = next((place for key, place in places.items() if f"`{key}`" in str(error)), node)
            column = self.column(guilty)
            raise ScheduleError(f"{error} (column {column + 1}){self.pointer(column)}") from None


def to_dict(schedule: Schedule) -> dict[str, Any]:
    """Return a schedule as plain dicts, lists, numbers and text, ready for JSON, YAML and TOML.

    Every parameter is written out, defaults too; None is left out. ``name`` is the shape, or the method or function
    of the algebra. Raises :class:`ScheduleError` for anything that is not a schedule.

    >>> import glideslope as gs
    >>> gs.to_dict(gs.StepDecay("30ep"))
    {'name': 'StepDecay', 'step_size': '30ep', 'gamma': 0.1}
    """
    if not isinstance(schedule, Schedule):
        raise ScheduleError.about("to_dict: `schedule`", "be a schedule", schedule)
    if type(schedule) not in _NAMES:
        raise ScheduleError.about("to_dict: `schedule`", "be of a class in the catalogue", type(schedule).__name__)
    values = {each.name: _plain(getattr(schedule, each.name)) for each in parameters(type(schedule))}
    return {"name": _NAMES[type(schedule)], **{key: value for key, value in values.items() if value is not None}}


def _plain(value: Any) -> Any:
    if isinstance(value, Schedule):
        return to_dict(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Duration) else value


def from_dict(data: Mapping[str, Any]) -> Schedule:
    """Build a schedule from what :func:`to_dict` wrote: ``from_dict(to_dict(s)) == s``.

    A schedule inside may also be given as its text. Raises :class:`ScheduleError` for a name or key that is not known,
    a key that is missing, and more than 50 levels of nesting.

    >>> import glideslope as gs
    >>> gs.from_dict({"name": "warmup", "schedule": "CosineDecay(90)", "steps": 5})
    CosineDecay(90).warmup(5)
    """
    return _from_dict(data, 0)


def _from_dict(data: Any, depth: int) -> Schedule:
    if depth > MAX_DEPTH:
        raise ScheduleError(f"from_dict: a schedule must be nested at most {MAX_DEPTH} deep, got more.")
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise ScheduleError.about("from_dict: `data`", "be a dict with a `name`", data)
    name = data.get("name")
    if not isinstance(name, str) or name not in _CLASSES:
        hint = nearest(name, _CLASSES) if isinstance(name, str) else ""
        raise ScheduleError.about("from_dict: `name`", "be a shape of the catalogue or a method", name, hint)
    cls = _CLASSES[name]
    declared = parameters(cls)
    for key in data:
        if key != "name" and key not in {each.name for each in declared}:
            hint = nearest(key, [each.name for each in declared])
            raise ScheduleError.about(f"from_dict: {name}", "be given its own parameters", key, hint)
    for each in declared:
        if each.required and each.name not in data:
            raise ScheduleError(f"from_dict: {name} must be given `{each.name}`, got {shorten(dict(data))}.")
    values = {key: _children(cls, key, value, depth) for key, value in data.items() if key != "name"}
    return cls(**values)


def _children(cls: type[Schedule], key: str, value: Any, depth: int) -> Any:
    if key == "schedule":
        return parse(value) if isinstance(value, str) else _from_dict(value, depth + 1)
    if key == "schedules" and isinstance(value, (list, tuple)):
        return [_children(cls, "schedule", each, depth) for each in value]
    return value


_CALLED: dict[str, type[Schedule]] = {**CATALOGUE, "sequence": FUNCTIONS["sequence"]}
_CLASSES: dict[str, type[Schedule]] = {**CATALOGUE, **METHODS, **FUNCTIONS}
_NAMES = {cls: name for name, cls in _CLASSES.items()}
