# expect: 6
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 100)
    fast = torch.compile(lambda: opt.step(), mode="max-autotune")
    for x, y in loader:
        model(x, y).backward()
        fast()
        opt.zero_grad()
        sched.step()
