import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.PolynomialLR(opt, total_iters=50)
    for epoch in range(100):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        if epoch >= 50:
            continue
        sched.step()
