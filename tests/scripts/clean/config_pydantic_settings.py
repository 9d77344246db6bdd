import torch
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    epochs: int = 5
    step_size: int = 30

def main(model, loader):
    cfg = Settings()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, cfg.step_size)
    for epoch in range(cfg.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
