import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=30)
    for epoch in range(30):
        for i, (x, y) in enumerate(loader):
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            _ = sched.step() if i + 1 == len(loader) else None
