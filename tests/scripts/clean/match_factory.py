import torch
from torch.optim import lr_scheduler

def make(opt, cfg):
    match cfg.kind:
        case "step":
            return lr_scheduler.StepLR(opt, cfg.step_size)
        case "cosine":
            return lr_scheduler.CosineAnnealingLR(opt, cfg.epochs)
        case "plateau":
            return lr_scheduler.ReduceLROnPlateau(opt)
        case _:
            raise ValueError(cfg.kind)

def main(cfg, model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=cfg.lr)
    sched = make(opt, cfg)
    for epoch in range(cfg.epochs):
        total = 0.0
        for x, y in loader:
            opt.zero_grad()
            loss = model(x, y)
            loss.backward()
            opt.step()
            total += loss.item()
        match sched:
            case lr_scheduler.ReduceLROnPlateau():
                sched.step(total)
            case _:
                sched.step()
