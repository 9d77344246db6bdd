# expect: 16
import torch
class T:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(self.opt, lambda e: 0.9 ** e)
        self.epoch = 0
    def fit(self, loader):
        while self.epoch < 90:
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.epoch += 1
            self.scheduler.step(self.epoch)
