"""IDX: the files in which MNIST and its relatives are published."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from .._check import ScheduleError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNSIGNED_BYTES = 8
"""The third byte of the magic number: the type of the items."""


def read_idx(folder: Path, name: str, dimensions: int) -> NDArray[np.uint8]:
    """Return the array in ``folder/name`` or ``folder/name.gz``, an IDX file of unsigned bytes.

    The file is 0, 0, 8, the number of dimensions, one big-endian uint32 for each dimension, then the items. Raises
    :class:`~glideslope.ScheduleError` for a file that is not there, that has another magic number, and that holds more
    or fewer bytes than its header says. Source: http://yann.lecun.com/exdb/mnist.
    """
    import numpy as np

    path = _find(folder, name)
    raw = _bytes(path)
    magic = bytes((0, 0, UNSIGNED_BYTES, dimensions))
    if raw[:4] != magic:
        must = f"be an IDX file of unsigned bytes in {dimensions} dimension{'s' * (dimensions > 1)}: 0x{magic.hex()}"
        raise ScheduleError.about(f"{path}", must, f"0x{raw[:4].hex()}")
    start = 4 + 4 * dimensions
    if len(raw) < start:
        raise ScheduleError(f"{path} must begin with a header of {start} bytes, got {len(raw)} bytes in all.")
    shape = tuple(int.from_bytes(raw[at : at + 4], "big") for at in range(4, start, 4))
    told, held = math.prod(shape), len(raw) - start
    if told != held:
        sizes = f"{' x '.join(map(str, shape))} = {told}" if dimensions > 1 else told
        raise ScheduleError(f"{path} must hold {sizes} bytes after its header, got {held}.")
    items = np.frombuffer(raw, np.uint8, offset=start)
    return np.array(items).reshape(shape)  # a copy: torch wants it writable


def _find(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise ScheduleError(f"--data: {folder} must hold {name} or {name}.gz, got neither.")


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise ScheduleError(f"{path} must be a whole gzip or plain file, got: {error}.") from None
