"""What can be wrong with a schedule: rules about plans, about source files, and about running programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .diagnostic import Diagnostic as Diagnostic

if TYPE_CHECKING:
    from ..clock import Run
    from ..schedule import Schedule
    from .settings import Settings as Settings


def check(schedule: Schedule, run: Run, settings: Settings | None = None) -> list[Diagnostic]:
    """Return what is wrong with a schedule in a run of this length: one finding for each mistake, in order of code.

    Durations are resolved against the run. ``settings`` are those of ``glideslope.checks.settings``; pyproject.toml is
    not read here. Raises :class:`~glideslope.ScheduleError` for a schedule that the run cannot resolve.

    >>> import glideslope as gs
    >>> for found in gs.check(gs.MultiStepDecay([30, 100]), gs.Run(epochs=50)):
    ...     print(found)
    GS101 milestone-never-reached: milestone 100 is never reached: the run ends at epoch 50. Take it out, or move it \
before the end.
    """
    from .engine import check_plan  # the rules are loaded when somebody asks

    return check_plan(schedule, run, settings)


def __getattr__(name: str) -> object:
    if name == "Settings":
        from .settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
