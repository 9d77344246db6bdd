"""The processes of a data-parallel run: one number that all of them agree on."""

from torch import Tensor, distributed, float64, tensor

OPS = {"mean": "SUM", "min": "MIN", "max": "MAX"}


def over_ranks(value: float, how: str) -> float:
    """The mean, least or greatest value of all ranks; the value itself where there is one process."""
    if not _many():
        return value
    held = _held(value)
    distributed.all_reduce(held, op=getattr(distributed.ReduceOp, OPS[how]))
    return float(held) / (distributed.get_world_size() if how == "mean" else 1)


def of_first_rank(value: float) -> float:
    """The value that rank 0 has; the value itself where there is one process."""
    if not _many():
        return value
    held = _held(value)
    distributed.broadcast(held, src=0)
    return float(held)


def _many() -> bool:
    return distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1


def _held(value: float) -> Tensor:
    return tensor(value, dtype=float64, device="cuda" if distributed.get_backend() == "nccl" else "cpu")
