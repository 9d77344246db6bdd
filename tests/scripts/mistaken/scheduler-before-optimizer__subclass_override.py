# expect: 21
import torch
class Base:
    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), 0.1)
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, 30)
    def fit(self, loader):
        for epoch in range(90):
            self.on_epoch_start()
            for x, y in loader:
                self.train_step(x, y)
    def on_epoch_start(self):
        pass
    def train_step(self, x, y):
        self.optimizer.zero_grad()
        self.model(x, y).backward()
        self.optimizer.step()
class Mine(Base):
    def on_epoch_start(self):
        self.scheduler.step()
Mine(build()).fit(load())
