import torch

class ScheduleMixin:
    def make_schedule(self, total):
        self.lr_scheduler = torch.optim.lr_scheduler.OneCycleLR(self.optimizer, 1e-3, total_steps=total)

    def advance(self):
        self.lr_scheduler.step()

class Trainer(ScheduleMixin):
    def __init__(self, net, loader, epochs):
        self.net, self.loader, self.epochs = net, loader, epochs
        self.optimizer = torch.optim.Adam(net.parameters())
        self.make_schedule(len(loader) * epochs)

    def train(self):
        for _ in range(self.epochs):
            for x, y in self.loader:
                self.optimizer.zero_grad()
                self.net(x, y).backward()
                self.optimizer.step()
                self.advance()
