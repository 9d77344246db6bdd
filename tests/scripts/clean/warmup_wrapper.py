import torch
from warmup_scheduler import GradualWarmupScheduler

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=1e-3)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 95)
    sched = GradualWarmupScheduler(opt, multiplier=8, total_epoch=5, after_scheduler=cosine)
    opt.zero_grad()
    opt.step()
    for epoch in range(1, 101):
        sched.step(epoch)
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
