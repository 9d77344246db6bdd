"""Schedules bound to torch optimizers."""

from ._outside import Value as Value
from .scheduler import Scheduler as Scheduler
