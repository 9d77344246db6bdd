# expect: 5
import torch
def main(model, loader, resume):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
    start = 0
    if resume:
        ck = torch.load(resume)
        model.load_state_dict(ck["m"])
        opt.load_state_dict(ck["o"])
        start = ck["epoch"]
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        torch.save({"m": model.state_dict(), "o": opt.state_dict(), "s": sched.state_dict(), "epoch": epoch + 1}, "c.pt")
