import torch

def step(opt, sched, update):
    if not update:
        return
    opt.step()
    opt.zero_grad()
    sched.step()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=10 * len(loader) // 4)
    for epoch in range(10):
        for i, (x, y) in enumerate(loader):
            model(x, y).backward()
            step(opt, sched, (i + 1) % 4 == 0)
