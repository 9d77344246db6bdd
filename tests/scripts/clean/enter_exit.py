import torch

class Epoch:
    def __init__(self, sched):
        self.sched = sched
    def __enter__(self):
        return self
    def __exit__(self, *exc):
        self.sched.step()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    for epoch in range(30):
        with Epoch(sched):
            for x, y in loader:
                opt.zero_grad()
                model(x, y).backward()
                opt.step()
