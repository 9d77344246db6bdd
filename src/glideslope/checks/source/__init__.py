"""Rules about source files: a script is read, never run, and each rule says what it can prove."""

from __future__ import annotations

import sys

from ..diagnostic import Diagnostic
from ..parsing import parse
from ..reading.module import Module
from ..reading.text import Text
from ..rule import SourceRule
from ..settings import Settings
from ..unreadable_file import UnreadableFile
from .batch_schedule_stepped_per_epoch import BatchScheduleSteppedPerEpoch
from .decay_too_fast import DecayTooFastInSource
from .epoch_schedule_stepped_per_batch import EpochScheduleSteppedPerBatch
from .float_lr_with_compiled_step import FloatLrWithCompiledStep
from .get_lr_for_logging import GetLrForLogging
from .horizon_mismatch import HorizonMismatch
from .metric_to_non_plateau import MetricToNonPlateau
from .milestone_never_reached import MilestoneNeverReachedInSource
from .plateau_mode_contradicts_metric import PlateauModeContradictsMetric
from .plateau_without_metric import PlateauWithoutMetric
from .removed_argument import RemovedArgument
from .scheduler_before_optimizer import SchedulerBeforeOptimizer
from .scheduler_never_stepped import SchedulerNeverStepped
from .scheduler_not_in_checkpoint import SchedulerNotInCheckpoint
from .scheduler_rebuilt_on_resume import SchedulerRebuiltOnResume
from .step_with_epoch_argument import StepWithEpochArgument
from .stepped_after_skipped_amp_step import SteppedAfterSkippedAmpStep
from .stepped_every_micro_batch import SteppedEveryMicroBatch
from .two_schedulers_on_one_optimizer import TwoSchedulersOnOneOptimizer

__all__ = ["RULES", "analyse"]

RULES: tuple[SourceRule, ...] = (
    SchedulerBeforeOptimizer(),
    SchedulerNeverStepped(),
    EpochScheduleSteppedPerBatch(),
    BatchScheduleSteppedPerEpoch(),
    MilestoneNeverReachedInSource(),
    DecayTooFastInSource(),
    HorizonMismatch(),
    PlateauWithoutMetric(),
    MetricToNonPlateau(),
    PlateauModeContradictsMetric(),
    StepWithEpochArgument(),
    GetLrForLogging(),
    TwoSchedulersOnOneOptimizer(),
    SchedulerNotInCheckpoint(),
    SchedulerRebuiltOnResume(),
    SteppedEveryMicroBatch(),
    SteppedAfterSkippedAmpStep(),
    RemovedArgument(),
    FloatLrWithCompiledStep(),
)
"""Every source rule, in the order of their codes."""

LONGEST = 1_000_000
"""More characters than any script that somebody wrote."""

DEEP = 6_000
"""Calls within calls while a text is read; five hundred branches of one ``if`` need as many."""


def analyse(text: str, path: str, settings: Settings) -> list[Diagnostic]:
    """Return what the rules find in a script, in order of place. A text that is no Python is one finding."""
    if len(text) > LONGEST:
        return [_unreadable(path, 1, f"it is longer than {LONGEST} characters, which no script is")]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEP))
    try:
        module = Module(Text(text), parse(text))
        found = {
            Diagnostic(
                path, finding.line, finding.column, rule.code, rule.name, finding.message, finding.hint, rule.severity,
                edits=finding.edits,
            )
            for rule in RULES
            for finding in rule.check(module, settings)
        }  # fmt: skip
    except SyntaxError as error:
        version = ".".join(map(str, sys.version_info[:2]))
        return [_unreadable(path, error.lineno or 1, f"it is not Python {version}: {error.msg}")]
    except (ValueError, RecursionError, MemoryError) as error:
        return [_unreadable(path, 1, f"it cannot be read: {type(error).__name__}")]
    finally:
        sys.setrecursionlimit(limit)
    return _once(sorted(found))


def _once(found: list[Diagnostic]) -> list[Diagnostic]:
    """A place that is read on several ways is reported once by each rule."""
    kept: dict[tuple[str, int | None, int | None], Diagnostic] = {}
    for each in found:
        kept.setdefault((each.code, each.line, each.column), each)
    return list(kept.values())


def _unreadable(path: str, line: int, why: str) -> Diagnostic:
    rule = UnreadableFile
    return Diagnostic(path, line, 1, rule.code, rule.name, f"the file cannot be checked: {why}.", "", rule.severity)
