import torch

class Engine:
    def __init__(self, model, scheduler=None):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters())
        self.scheduler = scheduler(self.optimizer) if scheduler is not None else None

    def run(self, loader, epochs):
        for _ in range(epochs):
            for b in loader:
                self.optimizer.zero_grad()
                self.model(b).backward()
                self.optimizer.step()
            if self.scheduler is not None:
                self.scheduler.step()

Engine(build(), lambda o: torch.optim.lr_scheduler.StepLR(o, 5)).run(load(), 20)
