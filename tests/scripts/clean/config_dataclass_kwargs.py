from dataclasses import dataclass
import yaml
import torch

@dataclass
class Config:
    epochs: int = 10
    step_size: int = 30
    lr: float = 0.1

def main(path, model, loader):
    cfg = Config(**yaml.safe_load(open(path)))
    opt = torch.optim.SGD(model.parameters(), lr=cfg.lr)
    sched = torch.optim.lr_scheduler.StepLR(opt, cfg.step_size)
    for epoch in range(cfg.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
