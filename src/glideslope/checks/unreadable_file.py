"""unreadable-file: what could not be looked at is said, in one line."""

from typing import final

from .rule import Rule


@final
class UnreadableFile(Rule):
    """A file that could not be looked at."""

    code = "GS001"
    name = "unreadable-file"
    severity = "error"
    finds = """A file that is not what its name says: it cannot be opened, is not text in its encoding, holds null
bytes, is no notebook, or is too large to be a script."""
    why = """Nothing is known about it. A check that passed it over in silence would look like a clean one."""
    example = """def train(:"""
    instead = """A file that Python reads; or `exclude` in `[tool.glideslope]` of pyproject.toml."""
