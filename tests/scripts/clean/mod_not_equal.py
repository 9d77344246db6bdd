import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=10 * len(loader))
    for epoch in range(10):
        for i, (x, y) in enumerate(loader):
            model(x, y).backward()
            if i % 500 != 499:
                opt.step()
                opt.zero_grad()
            sched.step()
