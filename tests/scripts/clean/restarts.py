import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=10, T_mult=2)
    iters = len(loader)
    for epoch in range(70):
        for i, (x, y) in enumerate(loader):
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            sched.step(epoch + i / iters)
