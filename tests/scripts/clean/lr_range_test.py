import torch

def find_lr(model, loader, start=1e-7, end=10, n=100):
    opt = torch.optim.SGD(model.parameters(), lr=start)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=(end / start) ** (1 / n))
    lrs, losses = [], []
    for i, (x, y) in enumerate(loader):
        if i >= n:
            break
        opt.zero_grad()
        loss = model(x, y)
        loss.backward()
        opt.step()
        lrs.append(sched.get_last_lr()[0])
        losses.append(loss.item())
        sched.step()
        if losses[-1] > 4 * min(losses):
            break
    return lrs, losses
