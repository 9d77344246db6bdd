"""base-lr-left-behind: a second scheduler begins at the base of the first."""

from __future__ import annotations

from typing import final

from ..rule import Rule


@final
class BaseLrLeftBehind(Rule):
    """A second scheduler begins at the base of the first."""

    code = "GS303"
    name = "base-lr-left-behind"
    finds = """A scheduler built on an optimizer that an earlier one has driven, where `group["initial_lr"]` is no
longer the lr in force. Not where a checkpoint of the optimizer was loaded since."""
    why = """The base lr is what the first scheduler wrote down when it was built. A second phase, meant to start from
where the first one ended or from an lr that was set for it, starts at the first one's peak."""
    example = """warm = LinearLR(optimizer, total_iters=5)
...
for group in optimizer.param_groups:
    group["lr"] = 0.01
scheduler = StepLR(optimizer, step_size=30)   # starts at the old lr"""
    instead = """for group in optimizer.param_groups:
    group["lr"] = group["initial_lr"] = 0.01
scheduler = StepLR(optimizer, step_size=30)"""
