import json
import torch

config = {"epochs": 10, "milestones": [30, 60], "gamma": 0.1}
with open("config.json") as f:
    config.update(json.load(f))

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, config["milestones"], config["gamma"])
    for epoch in range(config["epochs"]):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
