# expect: 16
import torch
class T:
    def __init__(self, model, accum=4):
        self.model, self.accum = model, accum
        self.opt = torch.optim.AdamW(model.parameters(), 1e-3)
        self.sched = torch.optim.lr_scheduler.LinearLR(self.opt, 0.01, total_iters=1000)
        self.scaler = torch.amp.GradScaler("cuda", enabled=False)
    def fit(self, loader):
        for step, (x, y) in enumerate(loader):
            self.scaler.scale(self.model(x, y)).backward()
            if step % self.accum == self.accum - 1:
                self.scaler.step(self.opt)
                self.scaler.update()
                self.opt.zero_grad()
            self.sched.step()
T(build()).fit(load())
