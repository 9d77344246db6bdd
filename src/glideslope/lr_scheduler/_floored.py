"""What the classes with an absolute floor share."""

from .._check import ScheduleError


def floor_factor(where: str, floor: float, base_lr: float) -> float:
    """Return an absolute lr as a factor of a group's base lr."""
    if floor and not base_lr:
        must = "be > 0 for a schedule with an eta_min, which is a factor of it"
        raise ScheduleError.about(f"{where}.schedule: the base lr", must, base_lr)
    return floor / base_lr if floor else 0.0
