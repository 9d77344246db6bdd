import torch

class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)
        self.hooks = [self.log, self.decay]

    def log(self):
        print(self.opt.param_groups[0]["lr"])

    def decay(self):
        self.sched.step()

    def fit(self, loader):
        for epoch in range(30):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            for hook in self.hooks:
                hook()

for seed in (1, 2):
    pass
a = Trainer(build(1))
b = Trainer(build(2))
a.fit(load())
b.fit(load())
