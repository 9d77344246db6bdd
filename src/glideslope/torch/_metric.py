"""What a metric decides: reductions by a plateau, and the way back to the best weights."""

import math
from collections.abc import Callable
from typing import Any, SupportsFloat, final

from torch import Tensor

from .._check import Maybe, ScheduleError, check_value
from ..plateau import Plateau, Progress
from ._groups import say
from ._outside import Function
from ._ranks import over_ranks
from ._resume import finite


@final
class Metric:
    """A plateau, where it stands, and the program's functions that keep and bring back the best weights."""

    def __init__(
        self, plateau: object, save_best: Callable[[], object] | None, restore_best: Callable[[], object] | None
    ) -> None:
        if not (plateau is None or isinstance(plateau, Plateau)):
            raise ScheduleError.about("Scheduler: `plateau`", "be a glideslope.Plateau", plateau)
        for name, call in (("save_best", save_best), ("restore_best", restore_best)):
            check_value("Scheduler", name, Maybe(Function()), call)
            if call is not None and plateau is None:
                raise ScheduleError(f"Scheduler: `{name}` must come with a `plateau`, got none.")
        self.plateau, self.progress = plateau, Progress()
        self._save_best, self._restore_best = save_best, restore_best
        self._said: set[str] = set()

    @property
    def factor(self) -> float:
        """What the plateau has left of the lr."""
        return self.progress.factor

    def feed(self, metric: SupportsFloat) -> dict[str, Any] | None:
        """Take one metric for the plateau; return what there is to tell of a reduction, None when there was none."""
        assert self.plateau is not None
        value = _number(metric)
        how = self.plateau.reduce_metric
        if how is not None:  # all ranks take part, and all raise where one has a bad metric
            bad = over_ranks(float(value is None), "max")
            value = None if bad else over_ranks(value or 0.0, how)
        if value is None:
            raise ScheduleError.about("Scheduler: `metric`", "be a number", metric)
        before, after = self.progress, self.plateau.observe(self.progress, value)
        if math.isnan(value) and self.plateau.on_nan == "bad":
            self._say_once("Scheduler: the metric is NaN, which counts as no better; see `on_nan` of gs.Plateau.")
        reduced = after.factor != before.factor
        self.progress = after  # what save_best() saves knows the best
        try:
            if after.best != before.best and self._save_best is not None:
                self._save_best()
            if reduced and self._restore_best is not None:
                self._restore_best()
        except BaseException:
            self.progress = before
            raise
        self.progress = after  # restore_best() may have loaded a state of before; what was decided now holds
        if not reduced:
            return None
        bad = self.plateau.patience + 1
        best = "any number" if after.best is None else f"{after.best:g}"
        reason = f"{value:g}: no better than {best} for {bad} metric{'s' * (bad > 1)} in a row"
        return {
            "from": before.factor,
            "to": after.factor,
            "metric": finite(value),
            "best": after.best,
            "reason": reason,
        }

    def _say_once(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            say(message)


def _number(metric: Any) -> float | None:
    if not isinstance(metric, (str, bytes, bytearray, bool)):
        try:
            return float(metric.detach() if isinstance(metric, Tensor) else metric)
        except (TypeError, ValueError, RuntimeError, OverflowError):
            pass
    return None
