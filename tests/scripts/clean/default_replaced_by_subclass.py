import torch

class Base:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)

    def fit(self, loader):
        for epoch in range(30):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.sched.step()

class Cosine(Base):
    def __init__(self, model):
        super().__init__(model)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 30)

Cosine(build()).fit(load())
