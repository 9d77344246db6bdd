import torch

def main(model, loader, resume):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    start = 0
    if resume:
        ck = torch.load(resume)
        model.load_state_dict(ck["model"])
        opt.load_state_dict(ck["opt"])
        start = ck["epoch"]
    milestones = [m - start for m in (30, 60) if m > start]
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, milestones)
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        torch.save({"model": model.state_dict(), "opt": opt.state_dict(), "epoch": epoch + 1}, "c.pt")
