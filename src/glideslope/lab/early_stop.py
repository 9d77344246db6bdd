"""Early stopping: a pure function of the metric's history, so there is no state to save."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from .._check import Number, ScheduleError, Whole, check_fields, nearest
from ..spec import parse_call


@dataclass(frozen=True)
class EarlyStop:
    """Stop after ``patience`` epochs in a row without an improvement of more than ``min_delta``.

    The first epoch always counts as an improvement. Raises :class:`~glideslope.ScheduleError` for patience < 1 and
    min_delta < 0.

    >>> EarlyStop(patience=2).stops([70.0, 80.0, 79.0, 80.0], "max")
    True
    """

    patience: Annotated[int, Whole(), "epochs in a row without an improvement"]
    min_delta: Annotated[float, Number(ge=0), "what counts as one, in units of the metric"] = 0.0

    def __post_init__(self) -> None:
        check_fields(self, "--early-stop", object.__setattr__)

    @classmethod
    def parse(cls, text: str) -> "EarlyStop":
        """Read ``patience=3`` or ``patience=3,min_delta=0.1``."""
        try:
            _, args, values = parse_call(f"early_stop({text})")
        except ScheduleError:
            args, values = [text], {}
        known: dict[str, Any] = cls.__dataclass_fields__
        for key in values:
            if key not in known:
                raise ScheduleError.about("--early-stop", "be given its own settings", key, nearest(key, known))
        if args or "patience" not in values:
            raise ScheduleError.about("--early-stop", "be patience=N or patience=N,min_delta=X", text)
        return cls(**values)

    def __str__(self) -> str:
        return f"patience={self.patience}" + (f",min_delta={self.min_delta:g}" if self.min_delta else "")

    def stops(self, metric: Sequence[float], mode: str) -> bool:
        """Return True when training stops after the epochs whose metric is given, oldest first."""
        sign = 1 if mode == "max" else -1
        best, at = float("-inf"), -1
        for epoch, value in enumerate(metric):
            if sign * value > best + self.min_delta:
                best, at = sign * value, epoch
        return len(metric) - 1 - at >= self.patience
