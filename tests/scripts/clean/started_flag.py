import torch

class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=0.1)
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)
        self.started = False

    def train_epoch(self, loader):
        if self.started:
            self.sched.step()
        for x, y in loader:
            self.opt.zero_grad()
            self.model(x, y).backward()
            self.opt.step()
        self.started = True

    def fit(self, loader):
        for epoch in range(30):
            self.train_epoch(loader)
