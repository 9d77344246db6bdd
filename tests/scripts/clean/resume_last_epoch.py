import torch

def main(model, loader, path=None):
    opt = torch.optim.SGD([{"params": model.parameters(), "initial_lr": 0.1}], lr=0.1)
    start = 0
    if path:
        ck = torch.load(path)
        model.load_state_dict(ck["model"])
        opt.load_state_dict(ck["opt"])
        start = ck["epoch"]
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60], last_epoch=start - 1 if path else -1)
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        torch.save({"model": model.state_dict(), "opt": opt.state_dict(), "epoch": epoch + 1}, "ck.pt")
