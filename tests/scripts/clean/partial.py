from functools import partial
import torch
from torch.optim.lr_scheduler import StepLR, MultiStepLR

make_sched = partial(MultiStepLR, milestones=[30, 60], gamma=0.1)

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = make_sched(opt)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
