import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

def advance(sched, metric=None):
    if metric is None:
        sched.step()
        return
    sched.step(metric)

def main(model, loader, validate):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = ReduceLROnPlateau(opt)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        advance(sched, validate(model))
