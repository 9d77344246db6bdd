"""Comments that silence a rule: ``# glideslope: ignore[name, GS203]`` on the line, ``# glideslope: ignore-file``."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field

from .diagnostic import Diagnostic
from .settings import matches

_COMMENT = re.compile(r"#\s*glideslope:\s*ignore(-file)?(?![\w-])(?:\s*\[([^\]]+)\]|(?!\s*[\[(]))")


@dataclass
class Suppressions:
    """What the comments of one text silence: everything in it, or rules (none: all) on some of its lines."""

    file: list[frozenset[str]] = field(default_factory=list)
    lines: dict[int, list[frozenset[str]]] = field(default_factory=dict)

    def silences(self, found: Diagnostic) -> bool:
        """Whether a comment says that this finding is meant."""
        here = [*self.file, *self.lines.get(found.line or 0, [])]
        return any(not names or any(matches(name, found.code, found.rule) for name in names) for names in here)


def suppressions(text: str) -> Suppressions:
    """Read the comments of a text. A comment anywhere in a statement of several lines counts for all of them."""
    found = Suppressions()
    if "glideslope:" not in text:
        return found
    begin, pending = 0, list[frozenset[str]]()
    for token in _tokens(text):
        if token.type == tokenize.COMMENT and (match := _COMMENT.search(token.string)):
            names = frozenset(name.strip() for name in (match[2] or "").split(",") if name.strip())
            (found.file if match[1] else pending).append(names)
            found.lines.setdefault(token.start[0], []).extend([] if match[1] else [names])
        elif token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            begin = begin or token.start[0]
        if token.type == tokenize.NEWLINE or (token.type == tokenize.NL and not begin):
            for line in range(begin or token.start[0], token.start[0] + 1):
                found.lines.setdefault(line, []).extend(pending)
            begin, pending = 0, []
    return found


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens up to the first thing that is no Python."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError, MemoryError):
        return
