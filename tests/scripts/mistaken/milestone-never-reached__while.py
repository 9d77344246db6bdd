# expect: 5
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 120])
    epoch = 0
    while epoch < 90:
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        epoch += 1
