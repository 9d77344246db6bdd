# expect: 6
import torch
TOTAL = 10_000
def main(model, stream):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, milestones=[int(TOTAL * f) for f in (0.5, 1.5)])
    for step, (x, y) in zip(range(TOTAL), stream):
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
        sched.step()
