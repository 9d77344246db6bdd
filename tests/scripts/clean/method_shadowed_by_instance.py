import torch

class Loop:
    def __init__(self, model, on_epoch=None):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)
        self.on_epoch = on_epoch or self.default

    def default(self):
        self.sched.step()

    def run(self, loader):
        for _ in range(30):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.on_epoch()

Loop(build()).run(load())
