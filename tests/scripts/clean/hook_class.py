import torch

class Hook:
    def __init__(self, fn):
        self.fn = fn

    def fire(self):
        self.fn()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    hook = Hook(sched.step)
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        hook.fire()
