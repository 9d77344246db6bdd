"""ReduceLROnPlateau: drops where a metric says so."""

import math
from typing import Any, SupportsFloat

from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau as TorchReduceLROnPlateau

from .._check import ListOf, Maybe, Number, OneOf, ScheduleError, Whole, check_value
from ..plateau import Plateau, Progress
from ..schedule import Schedule
from ..torch._groups import optimizer_of, plain, say, write
from ..torch._live import tell_of_epoch_argument
from ..torch._ranks import over_ranks
from ..torch._updates import Updates
from ._loading import load
from ._node import Argument, Factors, Node, of_another_class
from ._per_group import each_group


class ReduceLROnPlateau(Node, TorchReduceLROnPlateau):
    """Multiply the lr by ``factor`` when the metric was no better for more than ``patience`` epochs in a row.

    ``lr = max(lr * factor, min_lr)`` for every param group, when that changes it by more than ``eps``. What counts as
    better, and when patience has run out, says :class:`glideslope.Plateau`: in relative mode a negative metric
    is compared by its size. Two attributes go beyond torch: ``on_nan`` is "bad" (a NaN counts as bad, which is said
    once), "ignore" or "raise"; ``reduce_metric`` is None, "mean", "min" or "max", over the ranks of torch.distributed,
    so that all ranks decide alike. Raises :class:`~glideslope.ScheduleError` (a ValueError) for a factor outside
    (0, 1), and negative numbers.

    >>> import torch
    >>> from glideslope.lr_scheduler import ReduceLROnPlateau
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    >>> for loss in (1.0, 1.0):
    ...     optimizer.step()
    ...     scheduler.step(loss)
    >>> scheduler.get_last_lr()
    [0.25]
    """

    __slots__ = ("_plateau",)
    _plateau: Plateau

    mode = Argument(OneOf(("min", "max")))
    factor = Argument(Number(gt=0, lt=1))
    patience = Argument(Whole(ge=0))
    threshold = Argument(Number(ge=0))
    threshold_mode = Argument(OneOf(("rel", "abs")))
    cooldown = Argument(Whole(ge=0))
    default_min_lr = Argument(Maybe(Number(ge=0)))
    eps = Argument(Number(ge=0))
    on_nan = Argument(OneOf(("bad", "ignore", "raise")))
    reduce_metric = Argument(Maybe(OneOf(("mean", "min", "max"))))

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: list[float] | float = 0,
        eps: float = 1e-8,
    ) -> None:
        self.optimizer = optimizer_of("ReduceLROnPlateau", optimizer)
        self.mode, self.factor, self.patience, self.threshold = mode, factor, patience, threshold
        self.threshold_mode, self.cooldown, self.eps = threshold_mode, cooldown, eps
        self.min_lrs: list[float] = each_group("ReduceLROnPlateau: `min_lr`", optimizer, min_lr, Number(ge=0))
        self.default_min_lr = None if isinstance(plain(min_lr), (list, tuple)) else min_lr
        self.on_nan, self.reduce_metric = "bad", None
        self._said: list[str] = []
        self.base_lrs = [float(group.get("initial_lr", group["lr"])) for group in optimizer.param_groups]
        self._scales = [1.0] * len(self.base_lrs)
        self.last_epoch = 0
        self._reset()
        Updates.note_lrs(optimizer)

    def _reset(self) -> None:
        self.best = self.mode_worse
        self.cooldown_counter = self.num_bad_epochs = 0

    @property
    def mode_worse(self) -> float:  # type: ignore[override]
        """The worst metric there is."""
        return math.inf if self.mode == "min" else -math.inf

    def _rebuild(self) -> None:
        if "_reduce_metric" in self.__dict__:  # the last of the arguments that are set
            given = {key: getattr(self, key) for key in ("mode", "patience", "threshold", "threshold_mode", "cooldown")}
            self._plateau = Plateau(**given, on_nan=self.on_nan)

    # -- stepping ---------------------------------------------------------------------------------------------------

    def step(self, metrics: SupportsFloat | None = None, epoch: int | None = None) -> None:  # type: ignore[override]
        """Take one metric, and reduce the lr when it is time; call it after ``optimizer.step()`` and validation.

        A call without one is a :class:`~glideslope.ScheduleError`, not a TypeError, after which DeepSpeed would pass
        the batch size.
        """
        if epoch is not None:
            tell_of_epoch_argument(self.optimizer)
        at = self.last_epoch + 1 if epoch is None else check_value("ReduceLROnPlateau", "epoch", Whole(ge=0), epoch)
        groups = self.optimizer.param_groups
        lrs = self._feed(metrics, [float(group["lr"]) for group in groups])
        self.last_epoch = at
        for group, lr in zip(groups, lrs, strict=True):
            if float(group["lr"]) != lr:
                write(group, lr)

    def _feed(self, metrics: Any, lrs: list[float]) -> list[float]:
        """Take one metric and return what becomes of these lrs."""
        metric = self._metric(metrics)
        progress = Progress(self.best, self.num_bad_epochs, self.cooldown_counter)
        after = self._plateau.observe(progress, metric)
        self.best, self.num_bad_epochs, self.cooldown_counter = after.best, after.num_bad, after.cooling  # type: ignore[assignment]
        return self._reduced(lrs) if after.reduce else lrs

    def _reduced(self, lrs: list[float]) -> list[float]:
        if len(lrs) != len(self.min_lrs):
            if self.default_min_lr is None:
                raise RuntimeError(
                    "The number of param groups in the optimizer has become another than that of the min_lrs of "
                    f"ReduceLROnPlateau: {len(lrs)} and {len(self.min_lrs)}. Append to scheduler.min_lrs what the new "
                    "group needs."
                )
            self.min_lrs = [self.default_min_lr] * len(lrs)
        self._adopt()
        out = []
        for i, (lr, least) in enumerate(zip(lrs, self.min_lrs, strict=True)):
            new = max(lr * self.factor, least)
            if lr - new > self.eps:
                self._scales[i] *= new / lr
            else:
                if new < lr:
                    self._say_once(
                        f"a reduction from {lr:g} to {new:g} is smaller than eps={self.eps:g} and was not made"
                    )
                new = lr
            out.append(new)
        return out

    def _metric(self, metrics: Any) -> float:
        try:
            metric = float(metrics)
        except (TypeError, ValueError):
            hint = "Call scheduler.step(metric) with what you watch; see `glideslope rules GS208`."
            raise ScheduleError.about("ReduceLROnPlateau: `metrics`", "be a number", metrics, hint) from None
        if self.reduce_metric is not None:
            metric = over_ranks(metric, self.reduce_metric)
        if math.isnan(metric) and self.on_nan == "bad":
            self._say_once("the metric is NaN, which counts as no better; set `on_nan` to pass over it or to stop")
        return metric

    def _say_once(self, what: str) -> None:
        kind = what.split()[0] + what.split()[1]
        if kind not in self._said:
            self._said.append(kind)
            say(f"ReduceLROnPlateau: {what}.")

    # -- in a combination -------------------------------------------------------------------------------------------

    def _adopt(self) -> None:
        groups = self.optimizer.param_groups
        self.base_lrs += [float(group.get("initial_lr", group["lr"])) for group in groups[len(self.base_lrs) :]]
        self._scales += [1.0] * (len(groups) - len(self._scales))

    def _measure(self) -> None:
        self._adopt()

    def _join(self) -> None:
        self._adopt()

    @property
    def _wants_metric(self) -> bool:
        return True

    def _factors_at(self, t: Any) -> Factors:
        self._adopt()
        return list(self._scales)

    def _go(self, epoch: Any) -> None:
        self.last_epoch = epoch

    def _advance(self, metrics: Any) -> None:
        self._adopt()
        self._feed(metrics, [base * scale for base, scale in zip(self.base_lrs, self._scales, strict=True)])
        self.last_epoch += 1

    def _update_lr(self, epoch: Any = None) -> None:
        self.last_epoch = 0 if epoch is None else epoch
        self._adopt()
        groups = self.optimizer.param_groups
        self._scales = [1.0] * len(groups)
        self._reset()
        for group, base in zip(groups, self.base_lrs, strict=True):
            write(group, base)

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """A metric decides, so there is none: raises :class:`~glideslope.ScheduleError`."""
        raise ScheduleError("ReduceLROnPlateau.schedule must be a function of time, but a metric decides here.")

    def get_lr(self) -> list[float]:  # type: ignore[override]
        """Return the lr in force: it has no closed form."""
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    # -- state ------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text, under torch's keys."""
        return {
            **self._own_attributes(),
            **{key: getattr(self, each.name) for key, each in self._declared().items()},
            "class": type(self).__name__,
            "min_lrs": list(self.min_lrs),
            "best": self.best,
            "num_bad_epochs": self.num_bad_epochs,
            "cooldown_counter": self.cooldown_counter,
            "mode_worse": self.mode_worse,
            "last_epoch": self.last_epoch,
            "base_lrs": list(self.base_lrs),
            "_scales": list(self._scales),
            "_last_lr": self.get_lr(),
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where a :meth:`state_dict` was taken, and put the lr of that moment back into the optimizer.

        As in torch the arguments in the state win. The argument is not changed. Raises
        :class:`~glideslope.ScheduleError` for the state of another class or number of groups.
        """
        self._adopt()
        load(self, state_dict)

    def _take_state(self, where: str, state: Any) -> None:
        said = str(state.get("class", type(self).__name__ if "num_bad_epochs" in state else ""))
        if said not in [cls.__name__ for cls in type(self).__mro__]:
            raise of_another_class(where, type(self), said)
        groups = len(self.optimizer.param_groups)
        declared = self._declared()
        for key, each in declared.items():
            if key in state:
                self.__dict__["_" + each.name] = each.check(where, state[key])
        lists = {"min_lrs": state["min_lrs"]} | {key: state[key] for key in ("base_lrs", "_scales") if key in state}
        for key, value in lists.items():
            numbers = list(ListOf(Number(ge=0)).check(f"{where}: `{key}`", plain(value)))
            if len(numbers) != groups:
                raise ScheduleError.about(f"{where}: `{key}`", f"have one item for each of {groups} groups", numbers)
            setattr(self, key, numbers)
        for key in ("num_bad_epochs", "cooldown_counter", "last_epoch"):
            setattr(self, key, Whole(ge=0).check(f"{where}: `{key}`", state[key]))
        self.best = float(state["best"])
        self._take_own_attributes(state)
        self._rebuild()

    def _resume(self, lrs: list[float]) -> None:
        for group, lr in zip(self.optimizer.param_groups, lrs, strict=True):
            write(group, lr)
