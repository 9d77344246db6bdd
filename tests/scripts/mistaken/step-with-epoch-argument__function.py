# expect: 4
import torch
def after(scheduler, e):
    scheduler.step(e + 1)
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.97)
    for e in range(50):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        after(sched, e)
