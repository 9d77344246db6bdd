import torch

class Learner:
    def __init__(self, model, epochs):
        self._model = model
        self._opt = torch.optim.SGD(model.parameters(), 0.1)
        self._sched = torch.optim.lr_scheduler.CosineAnnealingLR(self._opt, epochs)
        self.epochs = epochs

    @property
    def opt(self):
        return self._opt

    @property
    def sched(self):
        return self._sched

    @property
    def lr(self):
        return self.sched.get_last_lr()[0]

    def fit(self, loader):
        for _ in range(self.epochs):
            for x, y in loader:
                self.opt.zero_grad()
                self._model(x, y).backward()
                self.opt.step()
            self.sched.step()
