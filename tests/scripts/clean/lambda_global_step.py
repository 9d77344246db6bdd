import torch

class Trainer:
    def __init__(self, model):
        self.model, self.epoch = model, 0
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.LambdaLR(self.opt, lambda _: 0.97 ** self.epoch)

    def load(self, path):
        s = torch.load(path)
        self.model.load_state_dict(s["model"])
        self.opt.load_state_dict(s["opt"])
        self.epoch = s["epoch"]

    def fit(self, loader, path, resume):
        if resume:
            self.load(path)
        while self.epoch < 90:
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.epoch += 1
            self.sched.step()
            torch.save({"model": self.model.state_dict(), "opt": self.opt.state_dict(), "epoch": self.epoch}, path)
