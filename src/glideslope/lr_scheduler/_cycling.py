"""What CyclicLR and OneCycleLR share: their own lrs, and a momentum that goes the other way."""

from typing import Any

from torch.optim import Optimizer

from .._check import Flag, Number, ScheduleError
from ..torch._groups import put_momentum
from ._base import Absolute, Argument
from ._per_group import EACH, each_group


class Cycling(Absolute):
    """The lr goes up to ``max_lrs`` while the momentum (beta1, for an optimizer with betas) goes down, and back.

    momentum = max_momentum - (max_momentum - base_momentum) * h(t), where h is 0 at the bottom of the lr and 1 at its
    peak. As in torch both are written whatever they were.
    """

    __slots__ = ("_momenta",)
    _asks_base = False

    _momenta: list[tuple[float, float]]  # the momentum where h is 0, and what it gains where h is 1

    max_lrs = Argument(EACH)
    cycle_momentum = Argument(Flag())
    base_momentums = Argument(EACH)
    max_momentums = Argument(EACH)

    def _take_cycle(
        self, optimizer: Optimizer, max_lr: object, cycle_momentum: object, base_momentum: object, max_momentum: object
    ) -> None:
        """Check and keep the arguments that both classes have."""
        name = type(self).__name__
        self.max_lrs = each_group(f"{name}: `max_lr`", optimizer, max_lr, Number(ge=0))
        self.cycle_momentum = cycle_momentum
        self.base_momentums = each_group(f"{name}: `base_momentum`", optimizer, base_momentum)
        self.max_momentums = each_group(f"{name}: `max_momentum`", optimizer, max_momentum)
        if self.cycle_momentum and not {"momentum", "betas"} & set(optimizer.defaults):
            raise ScheduleError(
                f"{name}: `cycle_momentum` must be False for {type(optimizer).__name__}, which has no momentum and no "
                "betas."
            )

    @property
    def use_beta1(self) -> bool:
        """Whether the momentum is the first of the optimizer's betas."""
        return "betas" in self.optimizer.defaults

    @property
    def _reference(self) -> list[float]:
        return self.max_lrs  # type: ignore[no-any-return]

    def get_lr(self) -> list[float]:  # type: ignore[override]
        """Return the lr at the present epoch for every group: pure in ``last_epoch``, safe at any time.

        Ignite, which never calls step(), announces itself as torch's own step does; then the momentum is written, too.
        """
        if self._get_lr_called_within_step:
            self._now = self._at(self.last_epoch)
            self._write_others()
        return super().get_lr()

    def _height(self) -> Any:
        """The h of the present epoch."""
        return self._now

    def _prepare_groups(self) -> None:
        if self.cycle_momentum:
            momenta = zip(self.base_momentums, self.max_momentums, strict=True)
            for group, (base, top) in zip(self.optimizer.param_groups, momenta, strict=True):
                group["base_momentum"], group["max_momentum"] = base, top

    def _draw_lines(self) -> None:
        super()._draw_lines()
        pairs = zip(self.base_momentums, self.max_momentums, strict=True)
        self._momenta = [(top, base - top) for base, top in pairs] if self.cycle_momentum else []

    def _write_others(self) -> None:
        if self._momenta:
            h = self._height()
            groups = self.optimizer.param_groups
            for i, (top, gain) in enumerate(self._momenta):
                group = groups[i]
                if "betas" in group:
                    put_momentum(group, top + gain * h)
                else:
                    group["momentum"] = top + gain * h

    def _measure(self) -> None:
        super()._measure()
        for each in (self._momenta, self.max_lrs, self.base_momentums, self.max_momentums):
            del each[len(self.base_lrs) :]

    def _advance(self, metrics: Any) -> None:
        self._go(self.last_epoch + 1)

    def _joined(self, i: int) -> float:
        group = self.optimizer.param_groups[i]
        self.max_lrs.append(float(group.get("max_lr", self.max_lrs[-1])))
        for key, values in (("base_momentum", self.base_momentums), ("max_momentum", self.max_momentums)):
            values.append(float(group.get(key, values[-1])))
        if self._momenta:
            self._momenta.append((self.max_momentums[i], self.base_momentums[i] - self.max_momentums[i]))
        group.setdefault("initial_lr", float(group["lr"]))  # for schedulers that come after this one
        return self._joined_base(i)

    def _joined_base(self, i: int) -> float:
        """The base lr of a new group."""
        raise NotImplementedError
