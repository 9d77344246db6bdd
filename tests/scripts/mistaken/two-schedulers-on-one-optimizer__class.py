# expect: 8
import torch
class T:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.cycle = torch.optim.lr_scheduler.CyclicLR(self.opt, 1e-4, 1e-1)
        self.decay = torch.optim.lr_scheduler.ExponentialLR(self.opt, 0.999)
    def batch(self, x, y):
        self.opt.zero_grad()
        self.model(x, y).backward()
        self.opt.step()
        self.cycle.step()
        self.decay.step()
    def fit(self):
        for epoch in range(10):
            for x, y in self.loader:
                self.batch(x, y)
