import torch

def configure(model):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    return {"optimizer": opt, "scheduler": torch.optim.lr_scheduler.StepLR(opt, 5)}

class Runner:
    def __init__(self, model):
        self.model = model
        self.__dict__.update(configure(model))

    def run(self, loader):
        for epoch in range(20):
            for x, y in loader:
                self.optimizer.zero_grad()
                self.model(x, y).backward()
                self.optimizer.step()
            self.scheduler.step()
