# expect: 8
import torch
class T:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.AdamW(model.parameters(), lr=3e-4, capturable=True)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 1000)
        self.update = torch.compile(self._update)
    def _update(self):
        self.opt.step()
    def fit(self, loader):
        for x, y in loader:
            self.opt.zero_grad()
            self.model(x, y).backward()
            self.update()
            self.sched.step()
T(build()).fit(load())
