from functools import cached_property
import torch

class Trainer:
    def __init__(self, model, epochs):
        self.model, self.epochs = model, epochs

    @cached_property
    def opt(self):
        return torch.optim.SGD(self.model.parameters(), 0.1)

    @cached_property
    def sched(self):
        return torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, self.epochs)

    def fit(self, loader):
        for _ in range(self.epochs):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.sched.step()
