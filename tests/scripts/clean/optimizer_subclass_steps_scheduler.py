import torch

class Scheduled(torch.optim.AdamW):
    def attach(self, sched):
        self.sched = sched
    def step(self, closure=None):
        out = super().step(closure)
        self.sched.step()
        return out

def main(model, loader):
    opt = Scheduled(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: 0.999 ** s)
    opt.attach(sched)
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
