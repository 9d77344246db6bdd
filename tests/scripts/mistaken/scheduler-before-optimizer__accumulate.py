# expect: 9
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, s / 100))
    for i, (x, y) in enumerate(loader):
        model(x, y).backward()
        if (i + 1) % 4 == 0:
            sched.step()
            opt.step()
            opt.zero_grad()
