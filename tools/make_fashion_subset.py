"""Draw the small stratified Fashion-MNIST subset that glideslope ships.

    python tools/make_fashion_subset.py [SOURCE] [OUTPUT]

SOURCE is a folder with the four original ``*-ubyte.gz`` files, for example the one that Debian's package
``dataset-fashion-mnist`` installs. The draw is seeded and the zip entries carry a fixed date, so the same library
versions give the same bytes.
"""

import argparse
import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glideslope.lab.idx import read_idx

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("/usr/share/datasets/fashion-mnist")
OUTPUT = ROOT / "src/glideslope/lab/fashion_mnist_subset.npz"
PARTS = (("train", "train", 1000), ("test", "t10k", 200))
"""Name here, name in the files, examples of each class."""


def draw(labels: NDArray[np.uint8], per_class: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return shuffled indices of ``per_class`` random examples of every class."""
    picks = [rng.permutation(np.flatnonzero(labels == label))[:per_class] for label in np.unique(labels)]
    return rng.permutation(np.concatenate(picks))


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an npz archive without anything that varies from run to run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            npy = io.BytesIO()
            np.lib.format.write_array(npy, array, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it differs on Windows
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, npy.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def main() -> None:
    """Draw, write, read back."""
    parser = argparse.ArgumentParser(description="Draw the Fashion-MNIST subset that glideslope ships.")
    parser.add_argument("source", type=Path, nargs="?", default=SOURCE)
    parser.add_argument("output", type=Path, nargs="?", default=OUTPUT)
    args = parser.parse_args()

    rng = np.random.default_rng(0)
    arrays: dict[str, NDArray[np.uint8]] = {}
    for part, prefix, per_class in PARTS:
        images = read_idx(args.source, f"{prefix}-images-idx3-ubyte", 3)
        labels = read_idx(args.source, f"{prefix}-labels-idx1-ubyte", 1)
        index = draw(labels, per_class, rng)
        arrays |= {f"x_{part}": images[index], f"y_{part}": labels[index]}

    data = npz_bytes(arrays)
    args.output.write_bytes(data)
    with np.load(args.output, allow_pickle=False) as stored:
        for name, array in arrays.items():
            assert np.array_equal(stored[name], array), f"{name} did not read back unchanged"
            print(name, array.dtype, array.shape, hashlib.sha256(array.tobytes()).hexdigest())
    print(len(data), "bytes, sha256", hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    main()
