import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

def step_scheduler(scheduler, metric=None):
    if metric is None:
        scheduler.step()
    else:
        scheduler.step(metric)

def main(model, loader, evaluate):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = ReduceLROnPlateau(opt, patience=3)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        step_scheduler(sched, evaluate(model))
