import torch

def main(model, loader, evaluate):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.8)
    best, bad = float("inf"), 0
    for epoch in range(1000):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        loss = evaluate(model)
        best, bad = (loss, 0) if loss < best else (best, bad + 1)
        if bad >= 3:
            break
