import functools
import torch

def then_step(get):
    def wrap(f):
        @functools.wraps(f)
        def inner(self, *a):
            out = f(self, *a)
            get(self).step()
            return out
        return inner
    return wrap

class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)

    @then_step(lambda self: self.sched)
    def epoch(self, loader):
        for x, y in loader:
            self.opt.zero_grad()
            self.model(x, y).backward()
            self.opt.step()

    def fit(self, loader):
        for _ in range(30):
            self.epoch(loader)
