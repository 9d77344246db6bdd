"""Checkpoint: everything a cell needs to go on as if it had never stopped."""

from __future__ import annotations

import io
import pickle
import random
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..views.files import write_file
from .store import DamagedError

if TYPE_CHECKING:
    from torch import nn
    from torch.optim import Optimizer

    from ..torch import Scheduler


@dataclass
class Progress:
    """How far a cell is: a row for each epoch done, and the seconds they took."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Checkpoint:
    """Saves and restores one training in ``path``. ``plan`` tells it from the checkpoint of another comparison."""

    path: Path
    plan: str
    model: nn.Module
    optimizer: Optimizer
    scheduler: Scheduler

    def save(self, progress: Progress) -> None:
        """Write model, optimizer, scheduler, the random states of torch, numpy and Python, and the progress."""
        import torch

        state = {
            "plan": self.plan,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "random": _random_state(),
            "rows": progress.rows,
            "seconds": progress.seconds,
        }
        buffer = io.BytesIO()
        torch.save(state, buffer)
        write_file(self.path, buffer.getvalue())

    def restore(self) -> Progress | None:
        """Bring everything back to where :meth:`save` was, and return the progress; None when nothing was saved.

        Raises :class:`DamagedError`, before anything is changed, for a file that is cut off, altered or another
        comparison's. torch does not compare the checksums in its files, so they are compared here.
        """
        import torch

        if not self.path.exists():
            return None
        try:
            with zipfile.ZipFile(self.path) as archive:
                altered = archive.testzip()
            if altered is not None:
                raise ValueError(f"{altered} does not match its checksum")
            state = torch.load(self.path, weights_only=True, map_location="cpu")
            if state["plan"] != self.plan:
                raise ValueError("it belongs to another comparison")
        except (ValueError, KeyError, TypeError, RuntimeError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise DamagedError(f"{self.path} does not read ({_line(error)})") from None
        except pickle.UnpicklingError as error:
            raise DamagedError(f"{self.path} does not read ({_line(error)})") from None
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        _set_random_state(state["random"])
        return Progress(state["rows"], state["seconds"])


def seed_all(seed: int) -> None:
    """Seed torch, numpy and Python."""
    import numpy as np
    import torch

    torch.manual_seed(seed)
    np.random.seed(seed % 2**32)
    random.seed(seed)


def _random_state() -> dict[str, Any]:
    import numpy as np
    import torch

    kind, keys, *rest = np.random.get_state(legacy=True)
    state: dict[str, Any] = {
        "torch": torch.get_rng_state(),
        "numpy": [kind, keys.tolist(), *rest],  # type: ignore[union-attr]
        "python": random.getstate(),
    }
    if torch.cuda.is_available() and torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        state["cuda"] = torch.cuda.get_rng_state_all()
    return state


def _set_random_state(state: dict[str, Any]) -> None:
    import numpy as np
    import torch

    torch.set_rng_state(state["torch"])
    np.random.set_state(tuple(state["numpy"]))
    random.setstate(state["python"])
    if "cuda" in state:
        torch.cuda.set_rng_state_all(state["cuda"])


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
