"""Rules about running programs alone; most of what the guard says has a rule for source files, and its code."""

from __future__ import annotations

from ..rule import Rule
from .base_lr_left_behind import BaseLrLeftBehind
from .optimizer_never_updated import OptimizerNeverUpdated
from .optimizer_step_replaced import OptimizerStepReplaced
from .value_overwritten import ValueOverwritten

RULES: tuple[Rule, ...] = (OptimizerStepReplaced(), OptimizerNeverUpdated(), BaseLrLeftBehind(), ValueOverwritten())
"""In the order of their codes; ``glideslope.torch`` finds them, these files describe them."""
