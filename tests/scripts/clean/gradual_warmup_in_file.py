import torch
from torch.optim.lr_scheduler import _LRScheduler, CosineAnnealingLR

class GradualWarmupScheduler(_LRScheduler):
    def __init__(self, optimizer, multiplier, total_epoch, after_scheduler=None):
        self.multiplier = multiplier
        self.total_epoch = total_epoch
        self.after_scheduler = after_scheduler
        self.finished = False
        super().__init__(optimizer)

    def get_lr(self):
        if self.last_epoch > self.total_epoch:
            if self.after_scheduler:
                return self.after_scheduler.get_last_lr()
            return [b * self.multiplier for b in self.base_lrs]
        return [b * ((self.multiplier - 1.) * self.last_epoch / self.total_epoch + 1.) for b in self.base_lrs]

    def step(self, epoch=None):
        if self.last_epoch > self.total_epoch and self.after_scheduler:
            self.after_scheduler.step()
        else:
            super().step()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    cosine = CosineAnnealingLR(opt, 85)
    sched = GradualWarmupScheduler(opt, 8, 5, cosine)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
