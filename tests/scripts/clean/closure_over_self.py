import torch

class Trainer:
    def __init__(self, model, bus):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=0.1)
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)
        bus.on("epoch_end", lambda: self.sched.step())
        self.bus = bus

    def fit(self, loader):
        for epoch in range(30):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.bus.emit("epoch_end")
