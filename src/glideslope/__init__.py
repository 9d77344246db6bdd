"""Learning-rate schedules that you can see, check and trust.

A schedule is a value: it maps time to a factor. Everything else only reads it.
"""

from ._check import ScheduleError as ScheduleError
from .checks import Diagnostic as Diagnostic
from .checks import check as check
from .clock import Duration as Duration
from .clock import Run as Run
from .combine import sequence as sequence
from .plateau import Plateau as Plateau
from .schedule import Schedule as Schedule
from .shapes import *  # noqa: F403 - every shape of the catalogue
from .spec import from_dict as from_dict
from .spec import parse as parse
from .spec import to_dict as to_dict
from .trace import Difference as Difference
from .trace import Trace as Trace
from .trace import trace as trace

__version__ = "0.1.0"
