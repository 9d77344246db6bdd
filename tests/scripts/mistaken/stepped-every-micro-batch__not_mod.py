# expect: 11
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, s / 500))
    for i, (x, y) in enumerate(loader):
        model(x, y).backward()
        if not (i + 1) % 8:
            opt.step()
            opt.zero_grad()
        sched.step()
