import functools
import time
import torch

def timed(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        t = time.time()
        out = f(*args, **kwargs)
        print(f.__name__, time.time() - t)
        return out
    return inner

@timed
def train_epoch(model, loader, opt):
    for x, y in loader:
        opt.zero_grad()
        model(x, y).backward()
        opt.step()

@timed
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 5)
    for epoch in range(20):
        train_epoch(model, loader, opt)
        sched.step()
