import torch
from packaging import version

OLD = version.parse(torch.__version__) < version.parse("1.1")

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    for epoch in range(90):
        if OLD:
            sched.step()
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        if not OLD:
            sched.step()
