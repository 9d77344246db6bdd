# expect: 16
import torch
class Trainer:
    def __init__(self, model, loader, epochs):
        self.model, self.loader, self.epochs = model, loader, epochs
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.OneCycleLR(self.opt, 0.1, steps_per_epoch=len(self.loader), epochs=self.epochs)
    def train_epoch(self):
        for x, y in self.loader:
            self.opt.zero_grad()
            self.model(x, y).backward()
            self.opt.step()
    def fit(self):
        for epoch in range(self.epochs):
            self.train_epoch()
            self.sched.step()
