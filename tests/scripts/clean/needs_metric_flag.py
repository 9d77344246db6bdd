import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau, MultiStepLR

class Trainer:
    def __init__(self, model, scheduler_cls=MultiStepLR):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=0.1)
        self.scheduler = MultiStepLR(self.opt, [30, 60])
        self.needs_metric = isinstance(self.scheduler, ReduceLROnPlateau)

    def fit(self, loader, val):
        for epoch in range(90):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            val_loss = self.validate(val)
            if self.needs_metric:
                self.scheduler.step(val_loss)
            else:
                self.scheduler.step()

    def validate(self, val):
        return sum(float(self.model(x, y)) for x, y in val)
