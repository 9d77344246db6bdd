# expect: 10
from dataclasses import dataclass
import torch
@dataclass
class Config:
    epochs: int = 40
    milestones: tuple = (30, 60)
def main(model, loader, cfg=Config()):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, list(cfg.milestones), gamma=0.1)
    for epoch in range(cfg.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
main(build(), load())
