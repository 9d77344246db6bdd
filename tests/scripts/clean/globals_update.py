import json, sys
import torch

epochs = 10
step_size = 30
globals().update(json.load(open(sys.argv[1])))

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size)
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
