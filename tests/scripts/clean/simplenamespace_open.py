import json
from types import SimpleNamespace
import torch

args = SimpleNamespace(epochs=10, step_size=30, **json.load(open("extra.json")))

def main(model, loader):
    ns = SimpleNamespace(**{"epochs": 10, "step_size": 30, **json.load(open("extra.json"))})
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, ns.step_size)
    for epoch in range(ns.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
