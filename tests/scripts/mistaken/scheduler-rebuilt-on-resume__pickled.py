# expect: 12
import torch
class T:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 90)
    def load(self, path):
        ck = torch.load(path, weights_only=False)
        self.model.load_state_dict(ck["model"])
        self.opt.load_state_dict(ck["opt"])
        self.sched = ck["scheduler"]
    def fit(self, loader):
        for epoch in range(90):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.sched.step()
            torch.save({"model": self.model.state_dict(), "opt": self.opt.state_dict(), "scheduler": self.sched}, "c.pt")
t = T(build())
t.load("c.pt")
t.fit(load())
