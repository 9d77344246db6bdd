import json
import torch

class Config:
    def __init__(self):
        self.epochs = 10
        self.step_size = 30

    def load(self, path):
        for key, value in json.load(open(path)).items():
            setattr(self, key, value)

cfg = Config()
cfg.load("exp.json")

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, cfg.step_size)
    for epoch in range(cfg.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
