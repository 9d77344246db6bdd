"""Images to train on: what is read, and what is said of files that are cut off or do not fit together."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from glideslope import ScheduleError
from glideslope.lab.data import load
from glideslope.lab.vision import ImageSource, ImageTask

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def idx(array: NDArray[np.uint8]) -> bytes:
    """The format as its author describes it."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def folder_of(path: Path, packed: bool = False) -> Path:
    random = np.random.default_rng(0)
    path.mkdir()
    for name, n in zip(NAMES, (30, 30, 10, 10), strict=True):
        shape = (n, 9, 8) if "images" in name else (n,)
        array = random.integers(0, 4, shape).astype(np.uint8)
        data = gzip.compress(idx(array)) if packed else idx(array)
        (path / (f"{name}.gz" if packed else name)).write_bytes(data)
    return path


def test_plain_and_packed_idx_files_give_the_same_images(tmp_path: Path) -> None:
    plain, packed = load(str(folder_of(tmp_path / "plain"))), load(str(folder_of(tmp_path / "packed", packed=True)))
    assert plain.x_train.shape == (30, 9, 8)
    assert plain.classes == 4
    assert plain.fingerprint == packed.fingerprint


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (NAMES[0], None, "must hold train-images-idx3-ubyte or train-images-idx3-ubyte.gz, got neither."),
        (NAMES[0], b"", "must be an IDX file of unsigned bytes in 3 dimensions: 0x00000803, got '0x'."),
        (NAMES[1], b"\0\0\x08\x03", "must be an IDX file of unsigned bytes in 1 dimension: 0x00000801, got '0x00000803'."),
        (NAMES[1], b"\0\0\x08\x01\0\0", "must begin with a header of 8 bytes, got 6 bytes in all."),
        (NAMES[1], idx(np.zeros(30, np.uint8))[:-1], "must hold 30 bytes after its header, got 29."),
        (NAMES[0], idx(np.zeros((30, 9, 8), np.uint8)) + b"x", "must hold 30 x 9 x 8 = 2160 bytes after its header, got 2161."),
        (NAMES[1] + ".gz", gzip.compress(bytes(999), mtime=0)[:-9], "must be a whole gzip or plain file, got: Compressed file ended"),
        (NAMES[1] + ".gz", b"not packed", "must be a whole gzip or plain file, got: Not a gzipped file"),
        (NAMES[1], idx(np.zeros(29, np.uint8)), "the train images must be as many as its labels, at least one, got 30 images and 29 labels."),
        (NAMES[2], idx(np.zeros((10, 8, 8), np.uint8)), "the images must have one size, at least 8 x 8, got 9 x 8 and 8 x 8."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_files_that_are_cut_off_or_do_not_fit_together_are_refused(
    tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    folder = folder_of(tmp_path / "images")
    (folder / name.removesuffix(".gz")).unlink()
    if data is not None:
        (folder / name).write_bytes(data)
    with pytest.raises(ScheduleError) as caught:
        load(str(folder))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_misspelt_data_set_is_told_the_nearest_one() -> None:
    with pytest.raises(
        ScheduleError, match=r"^--data must be fashion, digits or .*, got 'fashon'\. Did you mean `fashion`"
    ):
        load("fashon")


def test_the_subset_in_the_package_is_balanced_and_whole() -> None:
    images = load("fashion")
    assert images.x_train.shape == (10_000, 28, 28)
    assert images.x_test.shape == (2_000, 28, 28)
    assert np.bincount(images.y_train).tolist() == [1000] * 10
    assert np.bincount(images.y_test).tolist() == [200] * 10


def test_every_image_comes_once_an_epoch_in_an_order_of_seed_and_epoch_alone() -> None:
    digits = load("digits")
    one, same, other = (ImageTask(digits, seed, batch_size=100) for seed in (1, 1, 2))

    def order(task: ImageTask, epoch: int) -> list[float]:
        return [float(image.sum()) for images, _ in task.batches(epoch) for image in images]

    assert len(list(one.batches(0))) == one.steps_per_epoch == 15
    assert order(one, 0) == order(same, 0)
    assert order(one, 0) != order(one, 1)
    assert order(one, 0) != order(other, 0)
    assert sorted(order(one, 0)) == pytest.approx(sorted(order(other, 5)))


def test_the_identity_of_data_tells_other_images_apart(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "images")
    before = ImageSource(str(folder), 8).identity()
    labels = folder / NAMES[1]
    labels.write_bytes(labels.read_bytes()[:-1] + bytes([9]))
    load.cache_clear()
    assert ImageSource(str(folder), 8).identity() != before
