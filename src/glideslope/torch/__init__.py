"""Schedules bound to torch optimizers."""

from .scheduler import Scheduler as Scheduler
