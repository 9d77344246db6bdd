# expect: 7
import torch
class T:
    def __init__(self, model, resume):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 90)
        self.start = 0
        if resume:
            self.resume(resume)
    def resume(self, path):
        ck = torch.load(path)
        self.model.load_state_dict(ck["model"])
        self.start = ck["epoch"] + 1
    def fit(self, loader):
        for epoch in range(self.start, 90):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.sched.step()
            torch.save({"model": self.model.state_dict(), "epoch": epoch}, "m.pt")
T(build(), path).fit(load())
