"""optimizer-never-updated: a scheduler on an optimizer that trains nothing."""

from __future__ import annotations

from typing import final

from ..rule import Rule


@final
class OptimizerNeverUpdated(Rule):
    """A scheduler on an optimizer that trains nothing."""

    code = "GS302"
    name = "optimizer-never-updated"
    finds = """A scheduler that is stepped again and again while its optimizer makes no update at all. Updates that a
`GradScaler` skips are not forgotten ones."""
    why = """The schedule drives an optimizer that is not the one that trains: often a second one, built when the
scheduler was, or one from before `prepare(...)`. The lr that trains never changes."""
    example = """scheduler = StepLR(SGD(model.parameters(), lr=0.1), step_size=30)
optimizer = SGD(model.parameters(), lr=0.1)"""
    instead = """optimizer = SGD(model.parameters(), lr=0.1)
scheduler = StepLR(optimizer, step_size=30)"""
