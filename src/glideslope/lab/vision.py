"""The task that is there from the start: a small convolutional network learns to tell grey images apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .data import Images, load

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.optim import Optimizer

    from .task import Task

WIDTHS = (16, 32, 64)
EVALUATE_AT_ONCE = 250
"""Test images in one forward pass: the activations stay in the cache."""


def small_cnn(classes: int) -> nn.Module:
    """Return three 3x3 convolutions, each with batch norm, 2x2 max pooling and ReLU; their average; a linear layer."""
    import torch
    from torch import nn

    layers: list[nn.Module] = []
    channels = 1
    for width in WIDTHS:
        layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)]
        layers += [nn.MaxPool2d(2), nn.ReLU(inplace=True)]  # the ReLU last: on a quarter of the numbers, same result
        channels = width
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))
    return model.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


class ImageTask:
    """Train :func:`small_cnn` by cross entropy on normalised images; the metric is test accuracy in percent.

    Its own optimizer is SGD with momentum and weight decay. With a large constant rate the running statistics of batch
    norm lag behind the weights; part of what a falling rate gains here is that they catch up.
    """

    metric = "accuracy"
    mode = "max"
    unit = "%"

    def __init__(self, images: Images, seed: int, batch_size: int) -> None:
        import torch

        pixels = torch.from_numpy(images.x_train).float()
        mean, sd = pixels.mean(), pixels.std()
        self._x, self._x_test = (
            (torch.from_numpy(x).float().sub_(mean).div_(sd)).unsqueeze(1) for x in (images.x_train, images.x_test)
        )
        self._y, self._y_test = (torch.from_numpy(y).long() for y in (images.y_train, images.y_test))
        self.model = small_cnn(images.classes)
        self._seed = seed
        self.samples_per_step = batch_size
        self.steps_per_epoch = -(-len(self._x) // batch_size)

    def optimizer(self) -> Optimizer:
        """Return SGD(lr=0.1, momentum=0.9, weight_decay=0.0005)."""
        import torch

        return torch.optim.SGD(self.model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (images, labels), shuffled by (seed, epoch); the last batch is what is left."""
        import numpy as np
        import torch

        mixed = int(np.random.SeedSequence((self._seed, epoch)).generate_state(1)[0])
        order = torch.randperm(len(self._x), generator=torch.Generator().manual_seed(mixed))
        for index in order.split(self.samples_per_step):  # type: ignore[no-untyped-call]
            yield self._x[index], self._y[index]

    def loss(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        """Return the mean cross entropy of one batch."""
        from torch.nn.functional import cross_entropy

        images, labels = batch
        return cross_entropy(self.model(images), labels)

    def evaluate(self) -> dict[str, float]:
        """Return accuracy in percent and the mean cross entropy on the test images; NaN where the outputs are."""
        import torch
        from torch.nn.functional import cross_entropy

        right, total = 0.0, 0.0
        for index in torch.arange(len(self._y_test)).split(EVALUATE_AT_ONCE):  # type: ignore[no-untyped-call]
            images, labels = self._x_test[index], self._y_test[index]
            out = self.model(images)
            total += float(cross_entropy(out, labels, reduction="sum"))
            right += float((out.argmax(1) == labels).sum())
        n = len(self._y_test)
        accuracy = 100 * right / n if total == total else float("nan")
        return {"accuracy": accuracy, "loss": total / n}


@dataclass(frozen=True)
class ImageSource:
    """Image tasks on ``data``: ``"fashion"``, ``"digits"`` or a folder of IDX files."""

    data: str
    batch_size: int

    def maker(self) -> Callable[[int], Task]:
        """Load the images and return ``make_task``."""
        images = load(self.data)
        return lambda seed: ImageTask(images, seed, self.batch_size)

    def identity(self) -> dict[str, Any]:
        """Return the name of the data, what tells it from other data, and the batch size."""
        name = self.data if self.data in ("fashion", "digits") else "idx files"
        return {"data": name, "data's SHA-256": load(self.data).fingerprint, "batch size": self.batch_size}
