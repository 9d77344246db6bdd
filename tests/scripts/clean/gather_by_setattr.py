import torch

class Runner:
    def __init__(self, a, b):
        for name, net in (("a", a), ("b", b)):
            opt = torch.optim.SGD(net.parameters(), 0.1)
            setattr(self, f"opt_{name}", opt)
            setattr(self, f"sched_{name}", torch.optim.lr_scheduler.StepLR(opt, 5))

    def run(self, loader):
        for epoch in range(20):
            for x, y in loader:
                self.opt_a.step()
                self.opt_b.step()
            self.sched_a.step()
            self.sched_b.step()
