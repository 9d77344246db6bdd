import os
import torch

EPOCHS = 5
if "EPOCHS" in os.environ:
    EPOCHS = int(os.environ["EPOCHS"])

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [15, 25])
    for epoch in range(EPOCHS):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
