import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=10 * len(loader) // 4)
    for epoch in range(10):
        pending = 0
        for x, y in loader:
            model(x, y).backward()
            pending += 1
            if pending == 4:
                opt.step()
                opt.zero_grad()
                sched.step()
                pending = 0
