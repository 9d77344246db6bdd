import torch

def curve(epochs):
    """The values of a schedule, for a plot."""
    opt = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)
    out = []
    for epoch in range(epochs):
        out.append(sched.get_last_lr()[0])
        opt.step()
        sched.step()
    return out
