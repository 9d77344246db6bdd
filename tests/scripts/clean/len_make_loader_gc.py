import torch

def main(model, make_loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=40 * len(make_loader("small")))
    for epoch in range(10):
        for x, y in make_loader("big"):
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            sched.step()
