import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, StepLR

def build(opt, mode, epochs):
    if mode == "cosine":
        return CosineAnnealingLR(opt, T_max=epochs)
    return StepLR(opt, 30)

def run_epoch(model, loader, opt, sched, mode):
    for x, y in loader:
        loss = model(x, y)
        if mode == "train":
            opt.zero_grad()
            loss.backward()
            opt.step()
    if mode == "train":
        sched.step()

def main(cfg, model, train_loader, val_loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = build(opt, cfg.schedule, cfg.epochs)
    for epoch in range(cfg.epochs):
        run_epoch(model, train_loader, opt, sched, "train")
        run_epoch(model, val_loader, None, None, "val")
