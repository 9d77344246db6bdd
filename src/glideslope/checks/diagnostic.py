"""What a rule has to say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, final


@final
@dataclass(frozen=True)
class Diagnostic:
    """One finding: which rule, what is wrong in the user's own numbers, and what to do.

    ``severity`` is "error", "warning" or "info". ``path``, ``line`` and ``column`` are None, for a plan stands in no
    file; ``fixable`` says whether a program could mend it.
    """

    path: str | None
    line: int | None
    column: int | None
    code: str
    rule: str
    message: str
    hint: str = ""
    severity: str = "warning"
    fixable: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as a flat dict: path, line, column, code, rule, message, hint, severity, fixable."""
        return asdict(self)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.code, f"{self.rule}:", self.message, self.hint)))
