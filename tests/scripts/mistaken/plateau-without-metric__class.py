# expect: 10
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau
class T:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.lr_sched = ReduceLROnPlateau(self.opt, patience=5)
    def end_epoch(self):
        self.lr_sched.step()
    def fit(self, loader):
        for epoch in range(10):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.end_epoch()
