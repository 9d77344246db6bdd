"""What a project may set about the checks: ``[tool.glideslope]`` in pyproject.toml, and the same in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, final

from .._check import (
    Constraint,
    FieldError,
    ListOf,
    Number,
    ScheduleError,
    check_fields,
    nearest,
    parameters,
)

SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Text(Constraint):
    """Any text."""

    @property
    def text(self) -> str:
        return "text"

    def accept(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError
        return value


@dataclass(frozen=True)
class Selector(Text):
    """A code, the beginning of codes, or a name: "GS101", "GS1", "drop-too-harsh"."""

    @property
    def text(self) -> str:
        return 'codes, beginnings of codes or names of rules, such as "GS101", "GS1" or "drop-too-harsh"'

    def accept(self, value: object) -> str:
        from .catalogue import rules

        known = [*(rule.code for rule in rules()), *(rule.name for rule in rules())]
        if not isinstance(value, str) or not any(matches(value, rule.code, rule.name) for rule in rules()):
            hint = nearest(value, known) if isinstance(value, str) else ""
            raise FieldError(f"be {self.text}", value, hint if hint.startswith("Did") else "See `glideslope rules`.")
        return value


@dataclass(frozen=True)
class Severities(Constraint):
    """A severity for some of the rules."""

    @property
    def text(self) -> str:
        return f"a table from rules to one of {', '.join(SEVERITIES)}"

    def accept(self, value: object) -> tuple[tuple[str, str], ...]:
        pairs: Any = value.items() if isinstance(value, Mapping) else value
        out = []
        for name, severity in pairs:
            if severity not in SEVERITIES:
                raise FieldError(f"be one of {', '.join(SEVERITIES)} for {name}", severity)
            out.append((Selector().accept(name), severity))
        return tuple(out)


def matches(selector: str, code: str, name: str) -> bool:
    """Whether a selector means the rule: its name, its code, or the beginning of its code from "GS" on."""
    return selector == name or (selector.startswith("GS") and code.startswith(selector))


@final
@dataclass(frozen=True)
class Settings:
    """What the rules go by. In pyproject.toml the names have dashes: ``harshest-drop = 20``.

    Raises :class:`~glideslope.ScheduleError` for a rule that does not exist and a number outside its bounds.

    >>> Settings(ignore=["GS112"]).selects("GS112", "first-step-at-zero")
    False
    """

    select: Annotated[Sequence[str], ListOf(Selector(), least=0), "the only rules to apply; empty: all"] = ()
    ignore: Annotated[Sequence[str], ListOf(Selector(), least=0), "rules not to apply"] = ()
    exclude: Annotated[Sequence[str], ListOf(Text(), least=0), "files and folders to pass over, with * and **"] = ()
    harshest_drop: Annotated[float, Number(gt=1), "the greatest factor by which the rate may drop at once"] = 20.0
    decayed: Annotated[float, Number(gt=0, lt=1), "share of the peak under which a rate counts as decayed"] = 1e-3
    most: Annotated[float, Number(gt=0, lt=1), "share of the run that counts as most of it"] = 0.5
    severity: Annotated[Mapping[str, str] | Sequence[tuple[str, str]], Severities(), "severities for some rules"] = ()

    def __post_init__(self) -> None:
        check_fields(self, "Settings", object.__setattr__)

    def selects(self, code: str, name: str) -> bool:
        """Whether a rule is applied."""
        chosen = not self.select or any(matches(each, code, name) for each in self.select)
        return chosen and not any(matches(each, code, name) for each in self.ignore)

    def severity_of(self, code: str, name: str, own: str) -> str:
        """The severity of a rule: its own unless the project sets another; the last one that fits counts."""
        pairs: Any = self.severity
        return next((said for each, said in reversed(pairs) if matches(each, code, name)), own)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "Settings") -> Settings:
        """Build settings from a table with dashed names; an unknown name is an error that says the nearest one."""
        known = {each.name.replace("_", "-"): each.name for each in parameters(cls)}
        for key in data:
            if key not in known:
                raise ScheduleError.about(where, "have keys that glideslope knows", key, nearest(key, known))
        try:
            return cls(**{known[key]: value for key, value in data.items()})
        except ScheduleError as error:
            raise ScheduleError(str(error).replace("Settings:", f"{where}:", 1)) from None

    @classmethod
    def find(cls, start: Path) -> Settings:
        """Read the nearest pyproject.toml with a ``[tool.glideslope]``, from a folder upwards; else the defaults."""
        for folder in (start.absolute(), *start.absolute().parents):
            table = _table(folder / "pyproject.toml")
            if table is not None:
                return cls.from_dict(table, f"{folder / 'pyproject.toml'}: [tool.glideslope]")
        return cls()


def _table(path: Path) -> Mapping[str, Any] | None:
    """The table of glideslope in a TOML file; None where there is none."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if b"glideslope" not in data:
        return None
    toml = _toml(path)
    try:
        table = toml.loads(data.decode()).get("tool", {}).get("glideslope")
    except (ValueError, AttributeError) as error:
        raise ScheduleError(f"{path} must be TOML: {error}.") from None
    if table is not None and not isinstance(table, Mapping):
        raise ScheduleError.about(f"{path}: tool.glideslope", "be a table", table)
    return table


def _toml(path: Path) -> Any:
    """The standard library's reader, or on Python 3.10 the package it came from."""
    for name in ("tomllib", "tomli"):
        with suppress(ImportError):
            return import_module(name)
    raise ScheduleError(
        f'{path} must be read with tomli on Python 3.10, which is not installed: pip install "glideslope[cli]"'
    )
