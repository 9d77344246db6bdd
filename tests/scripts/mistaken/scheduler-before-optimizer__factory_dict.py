# expect: 9
import torch
from torch.optim import lr_scheduler
KINDS = {"step": lr_scheduler.StepLR, "exp": lr_scheduler.ExponentialLR}
def main(cfg, model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = KINDS[cfg.kind](opt, **cfg.args)
    for epoch in range(cfg.epochs):
        sched.step()
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
