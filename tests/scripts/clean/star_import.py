from torch.optim import *
from torch.optim.lr_scheduler import *

def main(model, loader):
    opt = SGD(model.parameters(), 0.1)
    sched = MultiStepLR(opt, [5, 8])
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
