import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    total = 30
    sched = torch.optim.lr_scheduler.PolynomialLR(opt, total_iters=total)
    for epoch in range(1000):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        if epoch == total - 1:
            return model
