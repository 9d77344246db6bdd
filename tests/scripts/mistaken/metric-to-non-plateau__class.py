# expect: 16
import torch
class T:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 50)
    def validate(self, loader): ...
    def fit(self, train, val):
        for epoch in range(50):
            for x, y in train:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            metrics = self.validate(val)
            self.scheduler.step(metrics["val_loss"])
