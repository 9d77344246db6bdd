import sys
import yaml
import torch

DEFAULTS = {"epochs": 10, "step_size": 30}
cfg = {**DEFAULTS, **yaml.safe_load(open(sys.argv[1]))}

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, cfg["step_size"])
    for epoch in range(cfg["epochs"]):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
