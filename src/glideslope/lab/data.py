"""The images a comparison trains on: in the package, in scikit-learn, or in a folder of yours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .._check import ScheduleError, nearest
from .idx import read_idx

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAMED = ("fashion", "digits")
"""The data sets that are there without a folder."""

SMALLEST_SIDE = 8
"""Pixels; the network halves an image three times."""


@dataclass(frozen=True, eq=False)
class Images:
    """Grey images of shape (n, height, width), 0 to 255, with labels of shape (n,), to train on and to test on."""

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]

    @property
    def classes(self) -> int:
        """The number of classes: the greatest label + 1."""
        return int(max(self.y_train.max(), self.y_test.max())) + 1

    @cached_property
    def fingerprint(self) -> str:
        """What tells these images from others: a SHA-256 of shapes and bytes."""
        digest = hashlib.sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            digest.update(repr(array.shape).encode() + array.tobytes())
        return digest.hexdigest()


@lru_cache(maxsize=1)
def load(source: str) -> Images:
    """Return the images called ``source``: ``"fashion"``, ``"digits"``, or a folder of IDX files, plain or .gz.

    ``fashion``: 10 000 + 2 000 images of Fashion-MNIST (28 x 28). ``digits``: the 1 797 of scikit-learn (8 x 8), every
    fifth of them for testing. A folder holds the four files of MNIST under their usual names. Raises
    :class:`~glideslope.ScheduleError` for another name, and for files that are missing, cut off or do not fit together.
    """
    if source == "fashion":
        return _fashion()
    if source == "digits":
        return _digits()
    folder = Path(source)
    if not folder.is_dir():
        raise ScheduleError.about("--data", "be fashion, digits or a folder of IDX files", source, _hint(source))
    return _checked(
        folder,
        Images(
            read_idx(folder, "train-images-idx3-ubyte", 3),
            read_idx(folder, "train-labels-idx1-ubyte", 1),
            read_idx(folder, "t10k-images-idx3-ubyte", 3),
            read_idx(folder, "t10k-labels-idx1-ubyte", 1),
        ),
    )


def _hint(source: str) -> str:
    hint = nearest(source, NAMED)
    return hint if hint.startswith("Did") else ""


def _fashion() -> Images:
    from importlib.resources import as_file, files

    import numpy as np

    with as_file(files(__package__) / "fashion_mnist_subset.npz") as path, np.load(path) as arrays:
        return Images(**arrays)


def _digits() -> Images:
    import numpy as np
    from sklearn.datasets import load_digits

    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    test = np.arange(len(labels)) % 5 == 4
    return Images(images[~test], labels[~test], images[test], labels[test])


def _checked(folder: Path, images: Images) -> Images:
    for part, x, y in (("train", images.x_train, images.y_train), ("t10k", images.x_test, images.y_test)):
        if len(x) != len(y) or not len(x):
            must = "be as many as its labels, at least one"
            raise ScheduleError(f"{folder}: the {part} images must {must}, got {len(x)} images and {len(y)} labels.")
    if images.x_train.shape[1:] != images.x_test.shape[1:] or min(images.x_train.shape[1:]) < SMALLEST_SIDE:
        sizes = [" x ".join(map(str, x.shape[1:])) for x in (images.x_train, images.x_test)]
        must = f"have one size, at least {SMALLEST_SIDE} x {SMALLEST_SIDE}"
        raise ScheduleError(f"{folder}: the images must {must}, got {sizes[0]} and {sizes[1]}.")
    return images
