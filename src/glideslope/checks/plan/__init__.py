"""The rules about plans, one file each. A line here puts a rule into the list; its code stays its own for ever."""

from ..rule import PlanRule
from .decay_too_fast import DecayTooFast
from .drop_too_harsh import DropTooHarsh
from .duplicate_milestone import DuplicateMilestone
from .first_step_at_zero import FirstStepAtZero
from .growing_gamma import GrowingGamma
from .lr_never_decays import LrNeverDecays
from .milestone_inside_warmup import MilestoneInsideWarmup
from .milestone_never_reached import MilestoneNeverReached
from .rises_after_end import RisesAfterEnd
from .schedule_longer_than_run import ScheduleLongerThanRun
from .schedule_shorter_than_run import ScheduleShorterThanRun
from .step_size_longer_than_run import StepSizeLongerThanRun
from .warmup_longer_than_run import WarmupLongerThanRun

RULES: tuple[PlanRule, ...] = (
    MilestoneNeverReached(),
    StepSizeLongerThanRun(),
    DecayTooFast(),
    LrNeverDecays(),
    ScheduleShorterThanRun(),
    ScheduleLongerThanRun(),
    WarmupLongerThanRun(),
    MilestoneInsideWarmup(),
    DropTooHarsh(),
    RisesAfterEnd(),
    DuplicateMilestone(),
    FirstStepAtZero(),
    GrowingGamma(),
)
