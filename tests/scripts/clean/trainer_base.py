import abc
import torch

class BaseTrainer(abc.ABC):
    def __init__(self, model, cfg):
        self.model, self.cfg = model, cfg
        self.optimizer = self.build_optimizer()
        self.scheduler = self.build_scheduler()

    @abc.abstractmethod
    def build_optimizer(self): ...

    @abc.abstractmethod
    def build_scheduler(self): ...

    def run(self, loader):
        for epoch in range(self.cfg.epochs):
            self.before_epoch(epoch)
            for batch in loader:
                self.optimizer.zero_grad()
                self.loss(batch).backward()
                self.optimizer.step()
            self.after_epoch(epoch)

    def before_epoch(self, epoch): pass

    def after_epoch(self, epoch):
        if self.scheduler is not None:
            self.scheduler.step()

    def loss(self, batch):
        return self.model(batch)

class Cosine(BaseTrainer):
    def build_optimizer(self):
        return torch.optim.AdamW(self.model.parameters(), lr=self.cfg.lr)

    def build_scheduler(self):
        return torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, self.cfg.epochs)

class Fixed(Cosine):
    def build_scheduler(self):
        return None
