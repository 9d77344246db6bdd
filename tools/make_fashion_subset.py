"""Draw the small stratified Fashion-MNIST subset that glideslope ships.

    python tools/make_fashion_subset.py [SOURCE] [OUTPUT]

SOURCE is a folder with the four original ``*-ubyte.gz`` files, for example
the one that Debian's package ``dataset-fashion-mnist`` installs. The draw is
seeded and the zip entries carry a fixed date, so the same library versions
give the same bytes. Needs numpy only.
"""

import argparse
import gzip
import hashlib
import io
import pathlib
import zipfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = pathlib.Path("/usr/share/datasets/fashion-mnist")
OUTPUT = ROOT / "src/glideslope/lab/fashion_mnist_subset.npz"
METHODS = {"deflate": zipfile.ZIP_DEFLATED, "lzma": zipfile.ZIP_LZMA}


def read_idx(path):
    """The unsigned-byte array held in one gzipped IDX file."""
    raw = gzip.decompress(path.read_bytes())
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    ndim = raw[3]
    shape = np.frombuffer(raw, ">u4", ndim, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * ndim).reshape(shape)


def draw(labels, per_class, rng):
    """Shuffled indices of ``per_class`` random examples of every class."""
    picks = []
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        if len(members) < per_class:
            raise ValueError(f"class {label} has only {len(members)} examples")
        picks.append(rng.permutation(members)[:per_class])
    return rng.permutation(np.concatenate(picks))


def npz_bytes(arrays, method):
    """An npz archive without anything that varies from run to run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            npy = io.BytesIO()
            np.lib.format.write_array(npy, array, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it differs on Windows
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, npy.getvalue(), METHODS[method], compresslevel=9)
    return buffer.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path, nargs="?", default=SOURCE)
    parser.add_argument("output", type=pathlib.Path, nargs="?", default=OUTPUT)
    parser.add_argument("--train-per-class", type=int, default=1000)
    parser.add_argument("--test-per-class", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--method", choices=METHODS, default="lzma")
    args = parser.parse_args()

    rng = np.random.default_rng(args.seed)
    arrays = {}
    for part, prefix, per_class in (
        ("train", "train", args.train_per_class),
        ("test", "t10k", args.test_per_class),
    ):
        images = read_idx(args.source / f"{prefix}-images-idx3-ubyte.gz")
        labels = read_idx(args.source / f"{prefix}-labels-idx1-ubyte.gz")
        index = draw(labels, per_class, rng)
        arrays[f"x_{part}"] = images[index]
        arrays[f"y_{part}"] = labels[index]

    data = npz_bytes(arrays, args.method)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_bytes(data)

    with np.load(args.output, allow_pickle=False) as stored:
        for name, array in arrays.items():
            if not np.array_equal(stored[name], array):
                raise SystemExit(f"{name} did not read back unchanged")
            print(name, array.dtype, array.shape)
    print(len(data), "bytes, sha256", hashlib.sha256(data).hexdigest())
    print(args.output)


if __name__ == "__main__":
    main()
