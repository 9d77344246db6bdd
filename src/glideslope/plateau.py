"""Plateau: when a metric has stopped getting better, as a pure state machine."""

import math
from dataclasses import dataclass, replace
from typing import Annotated, final

from ._check import Maybe, Number, OneOf, ScheduleError, Whole, check_fields


@final
@dataclass(frozen=True, slots=True)
class Progress:
    """Where a plateau stands: the best metric (None before the first), bad ones in a row, and the pause that is left.

    ``factor`` is the product of all reductions so far; ``reduce`` is True when the last metric called for one.
    """

    best: float | None = None
    num_bad: int = 0
    cooling: int = 0
    reduce: bool = False
    factor: float = 1.0


@final
@dataclass(frozen=True, slots=True)
class Plateau:
    """Multiply by ``factor`` when the metric was no better than its best for more than ``patience`` times in a row.

    Better, for mode "min": metric < best - margin, with margin = threshold * abs(best) ("rel") or threshold ("abs");
    "max": metric > best + margin. After a reduction ``cooldown`` metrics are not counted as bad. The product of the
    reductions stops at ``min_factor``. A NaN is a bad one (``on_nan="bad"``), is passed over ("ignore"), or raises
    ("raise"). ``reduce_metric`` is for whoever feeds it: the mean, least or greatest metric of all ranks counts. Raises
    :class:`~glideslope.ScheduleError` for a factor outside (0, 1), a negative patience, threshold, cooldown or
    min_factor, and other words. torch: ``ReduceLROnPlateau``, whose relative mode takes a worse negative metric for a
    better one. Source: torch's documentation of that class.

    With patience 2 the third bad metric in a row reduces:

    =============  ===  ===  ===  ===  ===  ===  ===
    metric         1.0  1.0  1.0  1.0  1.0  1.0  1.0
    bad in a row   0    1    2    3    1    2    3
    reduces                       yes            yes
    =============  ===  ===  ===  ===  ===  ===  ===

    >>> import glideslope as gs
    >>> from glideslope.plateau import Progress
    >>> plateau, progress = gs.Plateau(patience=2), Progress()
    >>> for metric in (1.0, 1.0, 1.0, 1.0):
    ...     progress = plateau.observe(progress, metric)
    >>> progress
    Progress(best=1.0, num_bad=0, cooling=0, reduce=True, factor=0.1)
    """

    mode: Annotated[str, OneOf(("min", "max")), "whether smaller or larger is better"] = "min"
    factor: Annotated[float, Number(gt=0, lt=1), "what a reduction multiplies by"] = 0.1
    patience: Annotated[int, Whole(ge=0), "bad metrics in a row that are let pass"] = 10
    threshold: Annotated[float, Number(ge=0), "least change that counts"] = 1e-4
    threshold_mode: Annotated[str, OneOf(("rel", "abs")), "threshold of the best, or as it is"] = "rel"
    cooldown: Annotated[int, Whole(ge=0), "metrics after a reduction that do not count as bad"] = 0
    min_factor: Annotated[float, Number(ge=0, le=1), "least product of the reductions"] = 0.0
    on_nan: Annotated[str, OneOf(("bad", "ignore", "raise")), "what a NaN does"] = "bad"

    reduce_metric: Annotated[
        str | None, Maybe(OneOf(("mean", "min", "max"))), "how the ranks of a data-parallel run agree on a metric"
    ] = None

    def __post_init__(self) -> None:
        check_fields(self, type(self).__name__, object.__setattr__)

    def observe(self, progress: Progress, metric: float) -> Progress:
        """Return the progress after one more metric."""
        if math.isnan(metric):
            if self.on_nan == "raise":
                raise ScheduleError.about("Plateau: the metric", "be a number", metric)
            if self.on_nan == "ignore":
                return replace(progress, reduce=False)
        best, bad, cooling = progress.best, progress.num_bad + 1, progress.cooling
        if self.is_better(metric, best):
            best, bad = metric, 0
        if cooling > 0:
            cooling, bad = cooling - 1, 0
        if bad > self.patience:
            return Progress(best, 0, self.cooldown, True, max(progress.factor * self.factor, self.min_factor))
        return Progress(best, bad, cooling, factor=progress.factor)

    def is_better(self, metric: float, best: float | None) -> bool:
        """Return True when the metric is better than the best by more than the threshold."""
        down = self.mode == "min"
        if best is None or math.isinf(best):
            return metric < math.inf if down else metric > -math.inf
        margin = self.threshold
        if self.threshold_mode == "rel":  # in this form a positive metric is compared exactly as torch does
            away = 1 - margin if down == (best > 0) else 1 + margin
            return metric < best * away if down else metric > best * away
        return metric < best - margin if down else metric > best + margin
