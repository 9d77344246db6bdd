import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau, StepLR

def step_scheduler(scheduler, metric=None):
    if metric is not None:
        scheduler.step(metric)
    else:
        scheduler.step()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = StepLR(opt, step_size=30)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        step_scheduler(sched)
