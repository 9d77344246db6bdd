import torch

def main(model, loader, warm_start):
    opt = torch.optim.Adam(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    if warm_start:
        ck = torch.load(warm_start)
        model.load_state_dict(ck["model"])
        opt.load_state_dict(ck["opt"])   # moments only: a new run on new data
        for g in opt.param_groups:
            g["lr"] = 1e-3
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        torch.save({"model": model.state_dict(), "opt": opt.state_dict()}, "m.pt")
