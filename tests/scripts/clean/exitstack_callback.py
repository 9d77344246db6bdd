from contextlib import ExitStack
import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    for epoch in range(30):
        with ExitStack() as stack:
            stack.callback(sched.step)
            for x, y in loader:
                opt.zero_grad()
                model(x, y).backward()
                opt.step()
