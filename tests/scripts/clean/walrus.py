import torch

def main(model, loader, cfg):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    if (gamma := cfg.get("gamma")) is not None:
        sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma)
    else:
        sched = None
    for epoch in range(cfg["epochs"]):
        for x, y in loader:
            opt.zero_grad()
            (loss := model(x, y)).backward()
            opt.step()
        if sched is not None:
            sched.step()
