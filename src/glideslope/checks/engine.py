"""The engine for plans: all plan rules on one schedule, and at most one finding for one mistake."""

from __future__ import annotations

from .._check import ScheduleError
from ..clock import Run
from ..schedule import Schedule
from .diagnostic import Diagnostic
from .plan import RULES
from .settings import Settings


def check_plan(schedule: Schedule, run: Run, settings: Settings | None = None) -> list[Diagnostic]:
    """Apply every plan rule; see :func:`glideslope.check`."""
    if not isinstance(schedule, Schedule):
        raise ScheduleError.about("check: `schedule`", "be a schedule", schedule)
    if settings is None:
        settings = Settings()
    elif not isinstance(settings, Settings):
        raise ScheduleError.about("check: `settings`", "be glideslope.checks.Settings", settings)
    schedule.resolve(run)  # it must, before any rule looks; a rule quotes the numbers as they are written
    findings = {rule.name: list(rule.check(schedule, run, settings)) for rule in RULES}
    return [
        Diagnostic(
            None, None, None, rule.code, rule.name, finding.message, finding.hint,
            settings.severity_of(rule.code, rule.name, rule.severity),
        )
        for rule in RULES
        if settings.selects(rule.code, rule.name) and not any(findings[name] for name in rule.explained_by)
        for finding in findings[rule.name]
    ]  # fmt: skip
