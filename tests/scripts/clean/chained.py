import torch
import torch.optim.lr_scheduler as lrs

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=1e-1)
    sched = lrs.ChainedScheduler([lrs.ConstantLR(opt, 0.1, total_iters=2), lrs.ExponentialLR(opt, 0.95)])
    for epoch in range(40):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        print(sched.get_last_lr())
