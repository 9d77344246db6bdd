import math
import torch
from torch.optim.lr_scheduler import LRScheduler

class Poly(LRScheduler):
    def __init__(self, optimizer, total, power=0.9, last_epoch=-1):
        self.total, self.power = total, power
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [b * (1 - self.last_epoch / self.total) ** self.power for b in self.base_lrs]

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.01)
    sched = Poly(opt, 80 * len(loader))
    for epoch in range(80):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            sched.step()
