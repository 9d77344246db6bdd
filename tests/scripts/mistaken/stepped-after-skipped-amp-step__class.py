# expect: 17
import torch
from torch.cuda.amp import autocast, GradScaler
class T:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.scaler = GradScaler()
        self.opt = torch.optim.AdamW(model.parameters(), 1e-3)
        self.sched = torch.optim.lr_scheduler.OneCycleLR(self.opt, 1e-3, epochs=3, steps_per_epoch=len(loader))
    def step(self, x, y):
        with autocast():
            loss = self.model(x, y)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.opt)
        self.scaler.update()
        self.opt.zero_grad()
        self.sched.step()
    def fit(self):
        for epoch in range(3):
            for x, y in self.loader:
                self.step(x, y)
T(build(), load()).fit()
