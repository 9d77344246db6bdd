import torch

class Trainer:
    def __init__(self, model):
        self.model = model
        self.reset()

    def reset(self):
        self.opt = torch.optim.SGD(self.model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 20)

    def fit(self, loader):
        for epoch in range(20):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.sched.step()

t = Trainer(build())
t.fit(load(1))
t.reset()
t.fit(load(2))
