"""What a rule has to say about one place: one shape for plans, source files and running programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, final


@final
@dataclass(frozen=True)
class Edit:
    """Replace the text from (line, column) up to (end_line, end_column); lines count from 1, columns from 0."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@final
@dataclass(frozen=True, order=True)
class Diagnostic:
    """One finding: where it is, which rule, what is wrong in the user's own numbers, and what to do.

    ``path``, ``line`` (from 1) and ``column`` (from 1) are None for a plan or a running program. ``severity`` is
    "error", "warning" or "info". ``edits`` mend it, where that is safe.
    In a notebook ``cell`` is the number of the cell (from 1, text counted too) and ``line`` a line of it.
    """

    path: str | None
    line: int | None
    column: int | None
    code: str
    rule: str
    message: str
    hint: str = ""
    severity: str = "warning"
    edits: tuple[Edit, ...] = field(default=(), compare=False, repr=False)
    cell: int | None = None

    @property
    def fixable(self) -> bool:
        """Whether ``glideslope check --fix`` mends it."""
        return bool(self.edits)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as a flat dict: path, line, column, code, rule, message, hint, severity, fixable."""
        out = asdict(self)
        del out["edits"], out["cell"]
        where = "" if self.cell is None else f"cell {self.cell}: "
        return {**out, "message": where + self.message, "fixable": self.fixable}

    def __str__(self) -> str:
        cell = "" if self.cell is None else f"cell {self.cell}:"
        place = f"{self.path}:{cell}{self.line}:{self.column} " if self.path is not None else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{place}{self.code} {self.rule}: {self.message}{hint}"
