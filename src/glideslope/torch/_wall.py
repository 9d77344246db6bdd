"""The clock on the wall, as the time of a schedule."""

from time import monotonic
from typing import Any, final

from ._ranks import of_first_rank


@final
class Wall:
    """Seconds since the run began, read once a step; it stands still while no process trains, and never goes back.

    In a data-parallel run every rank reads the clock of rank 0, so that all have the same value.
    """

    def __init__(self, elapsed: float = 0.0) -> None:
        self.elapsed = elapsed
        self._began = monotonic() - elapsed

    def tick(self) -> float:
        """Read the clock, and return the seconds."""
        self.elapsed = max(self.elapsed, of_first_rank(monotonic() - self._began))
        return self.elapsed

    def __reduce__(self) -> tuple[Any, ...]:
        return Wall, (self.elapsed,)
