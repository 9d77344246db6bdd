import torch

class Trainer:
    def __init__(self, model, opt, sched):
        self.model, self.opt, self.sched = model, opt, sched

    @classmethod
    def build(cls, model, epochs):
        opt = torch.optim.SGD(model.parameters(), 0.1)
        return cls(model, opt, torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs))

    def fit(self, loader, epochs):
        for _ in range(epochs):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.sched.step()

def main(model, loader):
    Trainer.build(model, 30).fit(loader, 30)
