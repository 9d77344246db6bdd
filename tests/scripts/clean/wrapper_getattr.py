import torch

class Recorded:
    """Delegates to a scheduler and remembers the rates."""
    def __init__(self, inner):
        self.inner = inner
        self.rates = []

    def __getattr__(self, name):
        return getattr(self.inner, name)

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = Recorded(torch.optim.lr_scheduler.StepLR(opt, 10))
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
