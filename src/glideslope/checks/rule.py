"""A rule is one file: what it finds, why that is bad, an example, what to write instead, cases, and the check."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ..clock import Run
    from ..schedule import Schedule


@dataclass(frozen=True)
class Finding:
    """What a check yields; the engine adds the code, the name, the path and the severity of the rule."""

    message: str
    hint: str = ""
    line: int | None = None
    column: int | None = None  # from 1
    edits: tuple[Any, ...] = ()


class Rule(ABC):
    """The documentation of a rule, as data; the page, ``glideslope rules CODE`` and SARIF read it from here."""

    code: ClassVar[str]  # "GS101" ... plans, "GS201" ... source, "GS301" ... running programs; never given twice
    name: ClassVar[str]  # the pattern complained of: "milestone-never-reached"
    severity: ClassVar[str] = "warning"
    finds: ClassVar[str]  # What it finds
    why: ClassVar[str]  # Why it is bad
    example: ClassVar[str]  # Example
    instead: ClassVar[str]  # Use instead
    fix: ClassVar[str] = ""  # Fix: what --fix does; empty where it does nothing


class PlanRule(Rule):
    """A rule that reads a schedule against the length of a run."""

    # Cases: (schedule text, run) pairs; every invalid one is found by this rule, no valid one is.
    valid: ClassVar[tuple[tuple[str, Run], ...]]
    invalid: ClassVar[tuple[tuple[str, Run], ...]]
    # Names of rules: where one of them finds something, it is the same mistake and this rule says nothing.
    explained_by: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def check(self, schedule: Schedule, run: Run, settings: Any) -> Iterator[Finding]:
        """Yield what is wrong with a schedule in this run, which can resolve it."""


class SourceRule(Rule):
    """A rule that reads the text of a training script."""

    # Cases: whole small programs; every invalid one is found by this rule (once), no valid one is.
    valid: ClassVar[tuple[str, ...]]
    invalid: ClassVar[tuple[str, ...]]

    @abstractmethod
    def check(self, module: Any, settings: Any) -> Iterator[Finding]:
        """Yield what the analysed module proves to be wrong."""
