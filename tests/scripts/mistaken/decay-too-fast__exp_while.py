# expect: 5
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.5)
    epoch = 0
    while epoch < 200:
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        epoch += 1
