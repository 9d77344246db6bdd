# expect: 8
import torch
class T:
    EPOCHS = 60
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.PolynomialLR(self.opt, total_iters=20)
    def fit(self, loader):
        for epoch in range(self.EPOCHS):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.sched.step()
T(build()).fit(load())
