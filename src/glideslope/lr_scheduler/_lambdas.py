"""What LambdaLR and MultiplicativeLR share: a function for each param group."""

from collections.abc import Callable
from typing import Any

from torch.optim import Optimizer

from .._check import ScheduleError, shorten
from .._ops import Ops
from ..torch._groups import optimizer_of, say
from ._base import DropIn
from ._callables import number_from, restore, state_of_callable
from ._node import Factors

Function = Callable[[int], float]


class Functions:
    """A curve of functions, one for each param group; ``where`` names them in an error."""

    def __init__(self, where: str, calls: list[Function]) -> None:
        self.where, self.calls = f"{where}: lr_lambda", calls
        self.said = False

    def values(self, t: Any) -> list[float]:
        """What the functions give, one value for each param group; a function that several share is asked once."""
        asked = {id(call): call for call in self.calls}
        given = {key: number_from(self.where, call, t) for key, call in asked.items()}
        if min(given.values()) < 0 and not self.said:
            self.said = True
            say(f"{self.where}({t}) is {min(given.values()):g}: with a negative lr the optimizer climbs.")
        return [given[id(call)] for call in self.calls]

    def _factor(self, t: Any, ops: Ops) -> Factors:
        return self.values(t)


class Lambdas(DropIn):
    """The constructor, the functions and their state."""

    @property
    def lr_lambdas(self) -> list[Function]:
        """The functions, one for each param group; they may be replaced while training."""
        return self.__dict__["lr_lambdas"]  # type: ignore[no-any-return]

    @lr_lambdas.setter
    def lr_lambdas(self, functions: list[Function]) -> None:
        self.__dict__["lr_lambdas"] = functions
        self._rebuild()

    def __init__(self, optimizer: Optimizer, lr_lambda: Function | list[Function], last_epoch: int = -1) -> None:
        name = type(self).__name__
        groups = len(optimizer_of(name, optimizer).param_groups)
        self.lr_lambdas = list(lr_lambda) if isinstance(lr_lambda, (list, tuple)) else [lr_lambda] * groups
        if len(self.lr_lambdas) != groups:
            must = f"have one function for each of {groups} param groups"
            raise ScheduleError.about(f"{name}: `lr_lambda`", must, self.lr_lambdas)
        for each in self.lr_lambdas:
            if not callable(each):
                # The class and the words of torch.
                raise TypeError(f"{name}: lr_lambda should be a function of the epoch, got {shorten(each)}.")
        super().__init__(optimizer, last_epoch)

    def _joined(self, i: int) -> float:
        self.lr_lambdas.append(self.lr_lambdas[-1])  # the same for all, or else that of the group before
        self._curve = self._build()
        return super()._joined(i)

    def state_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers, lists and text.

        Of a function nothing is kept; of a callable object its attributes are, in ``__slots__`` too. What no checkpoint
        can hold is left out, and said.
        """
        where = f"{type(self).__name__}.state_dict"
        return {**super().state_dict(), "lr_lambdas": [state_of_callable(where, each) for each in self.lr_lambdas]}

    def _take_state(self, where: str, state: Any) -> None:
        self._must_be_mine(where, state)
        kept = state.get("lr_lambdas")
        fits = isinstance(kept, list) and all(each is None or isinstance(each, dict) for each in kept)
        if not fits or len(kept) != len(self.optimizer.param_groups):
            raise ScheduleError.about(f"{where}: `lr_lambdas`", "have an entry for each param group", kept)
        super()._take_state(where, state)
        for call, each in zip(self.lr_lambdas, kept, strict=False):
            restore(call, each)

    @classmethod
    def _fits(cls, state: Any) -> bool:
        return "lr_lambdas" in state
