"""Optimizers by their text: everything torch can step in the textbook loop, and a clear word about everything else."""

import re

import pytest
import torch

from glideslope import ScheduleError
from glideslope.lab.optimizers import build, check, describe, known


def params() -> list[torch.nn.Parameter]:
    return [torch.nn.Parameter(torch.zeros(2, 2))]


@pytest.mark.parametrize("name", sorted(known()))
def test_every_optimizer_of_torch_that_can_be_named_takes_a_step(name: str) -> None:
    check(f"{name}()")


def test_arguments_reach_torch_by_place_and_by_name() -> None:
    optimizer = build("AdamW(0.002, betas=(0.5, 0.75), amsgrad=True)", params())
    group = optimizer.param_groups[0]
    assert isinstance(optimizer, torch.optim.AdamW)
    assert (group["lr"], group["betas"], group["amsgrad"]) == (0.002, (0.5, 0.75), True)


@pytest.mark.parametrize("text", ["SGD(lr=0.1, momentum=0.9)", "AdamW(lr=0.001)", "Adam(lr=0.5, betas=(0.5, 0.75))"])
def test_the_text_of_an_optimizer_builds_it_again(text: str) -> None:
    assert describe(build(text, params())) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SDG(lr=0.1)", "--optimizer must name a class of torch.optim, got 'SDG'. Did you mean `SGD`?"),
        ("LBFGS()", "--optimizer: LBFGS cannot be stepped by the textbook loop: it needs a closure."),
        ("SparseAdam()", "--optimizer: SparseAdam cannot be stepped by the textbook loop: it needs sparse gradients."),
        ("SGD(lr=0.1, momentun=0.9)", "--optimizer: SGD must be given its own arguments, got 'momentun'. Did you mean `momentum`?"),
        ("SGD(0.1, lr=0.1)", "--optimizer: SGD must have `lr` once, got it twice."),
        ("SGD(0.1, 0, 0, 0, False, 7)", "--optimizer: SGD must have at most 5 arguments, got 6."),
        ("SGD(lr='fast')", "--optimizer: SGD: `lr` must be a finite number, got 'fast'."),
        ("SGD(lr=1e999)", "--optimizer: SGD: `lr` must be a finite number, got inf."),
        ("SGD(lr=0.1, momentum=0.9, nesterov=1)", "--optimizer: SGD: `nesterov` must be True or False, got 1."),
        ("Adam(betas=0.9)", "--optimizer: Adam: `betas` must be 2 numbers, got 0.9."),
        ("SGD(lr=-1)", "--optimizer: SGD(lr=-1) must be as torch.optim.SGD takes it: Invalid learning rate: -1."),
        ("SGD(lr=0.1, differentiable=True)", "--optimizer: SGD(lr=0.1, differentiable=True) must be able to take a step, got: "),
    ],
)  # fmt: skip
def test_an_optimizer_that_cannot_be_is_refused_before_anything_is_trained(text: str, message: str) -> None:
    with pytest.raises(ScheduleError, match="^" + re.escape(message)):
        check(text)


@pytest.mark.parametrize("text", ["SGD", "SGD(lr=0.1", "", "torch.optim.SGD()", "SGD(lr=__import__('os'))"])
def test_a_text_that_is_no_call_is_refused(text: str) -> None:
    with pytest.raises(ScheduleError):
        check(text)
