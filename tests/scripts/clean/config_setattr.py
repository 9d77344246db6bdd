from dataclasses import dataclass
import torch

@dataclass
class Config:
    epochs: int = 10
    T_max: int = 90

def main(overrides, model, loader):
    cfg = Config()
    for key, value in overrides.items():
        setattr(cfg, key, value)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, cfg.T_max)
    for epoch in range(cfg.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
