"""Functions that programs hand to a scheduler, and what can be kept of them in a state."""

import types
from typing import Any

from torch import Tensor

from .._check import ScheduleError
from ..torch._groups import plain, say

_STATELESS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)


def number_from(where: str, call: Any, argument: Any) -> float:
    """Return what a function gives, as a float; raise about ``where`` when that is no finite number."""
    try:
        value = float(plain(call(argument)))
    except (TypeError, ValueError) as error:
        if call.__class__ in _STATELESS and error.__traceback__ is not None and error.__traceback__.tb_next is not None:
            raise  # the function's own mistake
        raise ScheduleError(f"{where}({argument}) must give a number; {error}.") from None
    if value - value != 0:
        raise ScheduleError.about(f"{where}({argument})", "be a finite number", value)
    return value


def attributes(call: object) -> dict[str, Any] | None:
    """Return the attributes of a callable object, in ``__dict__`` or in ``__slots__``; None for a function."""
    if isinstance(call, _STATELESS):
        return None
    slots = [name for cls in type(call).__mro__ for name in _names(vars(cls).get("__slots__", ()))]
    return {**{name: getattr(call, name) for name in slots if hasattr(call, name)}, **getattr(call, "__dict__", {})}


def state_of_callable(where: str, call: object) -> dict[str, Any] | None:
    """Return what a callable's state is made of; says which attributes no checkpoint can keep."""
    found = attributes(call)
    if found is None:
        return None
    kept, lost = {}, []
    for name, value in found.items():
        try:
            kept[name] = _kept(value)
        except TypeError:
            lost.append(f"{name} ({type(value).__name__})")
    if lost:
        say(f"{where}: {type(call).__name__} is saved without {', '.join(lost)}, which no checkpoint keeps.")
    return kept


def restore(call: object, state: dict[str, Any] | None) -> None:
    """Give a callable object back the attributes it was saved with."""
    for name, value in (state or {}).items():
        setattr(call, name, value)


def _names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(name for name in slots if not name.startswith("__"))


def _kept(value: Any) -> Any:
    """A value in the form a weights_only checkpoint can hold."""
    if value is None or (isinstance(value, (bool, int, float, str, Tensor)) and type(value).__module__ != "numpy"):
        return value
    if type(value).__module__ == "numpy":
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return type(value)([_kept(each) for each in value])
    if isinstance(value, dict):
        return {_kept(key): _kept(each) for key, each in value.items()}
    raise TypeError
