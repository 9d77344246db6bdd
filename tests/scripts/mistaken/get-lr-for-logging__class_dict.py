# expect: 9
import torch, wandb
class T:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, 10)
    def log(self, loss):
        wandb.log({"loss": loss, "lr": self.sched.get_lr()})
    def fit(self, loader):
        for epoch in range(10):
            for x, y in loader:
                self.opt.zero_grad()
                loss = self.model(x, y)
                loss.backward()
                self.opt.step()
                self.log(loss.item())
            self.sched.step()
