# expect: 12
import torch
class Trainer:
    def __init__(self, model, epochs=30):
        self.model, self.epochs = model, epochs
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, T_max=self.epochs)
    def batch(self, x, y):
        self.opt.zero_grad()
        self.model(x, y).backward()
        self.opt.step()
        self.sched.step()
    def fit(self, loader):
        for e in range(self.epochs):
            for x, y in loader:
                self.batch(x, y)
