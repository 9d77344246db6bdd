"""Training entry point (company code base, typed, logged)."""
from __future__ import annotations

import enum
import logging
import sys
from dataclasses import asdict, dataclass
from typing import Optional, Union

import torch
import yaml
from pydantic import BaseModel
from torch import nn, optim
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, OneCycleLR, ReduceLROnPlateau, StepLR
from torch.utils.data import DataLoader

from acme.data import build_loaders
from acme.metrics import evaluate
from acme.models import build_model
from acme.storage import upload

logger = logging.getLogger(__name__)
AnyScheduler = Union[LRScheduler, ReduceLROnPlateau]


class StepOn(str, enum.Enum):
    BATCH = "batch"
    EPOCH = "epoch"
    METRIC = "metric"


class SchedulerConfig(BaseModel):
    kind: str = "cosine"
    step_size: int = 10
    gamma: float = 0.1
    max_lr: float = 1e-2


class TrainingConfig(BaseModel):
    epochs: int = 25
    lr: float = 3e-4
    scheduler: SchedulerConfig = SchedulerConfig()


@dataclass(frozen=True)
class Scheduled:
    scheduler: AnyScheduler
    on: StepOn

    def advance(self, on: StepOn, metric: Optional[float] = None) -> None:
        if on is not self.on:
            return
        if self.on is StepOn.METRIC:
            assert metric is not None
            self.scheduler.step(metric)
        else:
            self.scheduler.step()


def build_scheduler(cfg: TrainingConfig, optimizer: optim.Optimizer, steps_per_epoch: int) -> Scheduled:
    match cfg.scheduler.kind:
        case "cosine":
            return Scheduled(CosineAnnealingLR(optimizer, T_max=cfg.epochs), StepOn.EPOCH)
        case "step":
            return Scheduled(StepLR(optimizer, cfg.scheduler.step_size, cfg.scheduler.gamma), StepOn.EPOCH)
        case "onecycle":
            return Scheduled(OneCycleLR(optimizer, cfg.scheduler.max_lr, epochs=cfg.epochs, steps_per_epoch=steps_per_epoch), StepOn.BATCH)
        case "plateau":
            return Scheduled(ReduceLROnPlateau(optimizer, "min", patience=3), StepOn.METRIC)
        case other:
            raise ValueError(f"unknown scheduler {other!r}")


def train(cfg: TrainingConfig) -> float:
    train_loader, val_loader = build_loaders()
    model = build_model().cuda()
    optimizer = optim.AdamW(model.parameters(), lr=cfg.lr)
    scheduled = build_scheduler(cfg, optimizer, len(train_loader))
    loss_fn = nn.BCEWithLogitsLoss()
    best = float("inf")
    for epoch in range(cfg.epochs):
        model.train()
        for features, target in train_loader:
            optimizer.zero_grad(set_to_none=True)
            loss = loss_fn(model(features.cuda()), target.cuda())
            loss.backward()
            optimizer.step()
            scheduled.advance(StepOn.BATCH)
        val_loss = evaluate(model, val_loader, loss_fn)
        scheduled.advance(StepOn.EPOCH)
        scheduled.advance(StepOn.METRIC, val_loss)
        logger.info("epoch=%d val_loss=%.5f lr=%.2e", epoch, val_loss, optimizer.param_groups[0]["lr"])
        if val_loss < best:
            best = val_loss
            upload(model.state_dict(), "best")
    return best


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stdout, level=logging.INFO)
    train(TrainingConfig(**yaml.safe_load(open(sys.argv[1]))))
