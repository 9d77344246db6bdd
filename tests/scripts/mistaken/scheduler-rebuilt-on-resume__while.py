# expect: 5
import torch
def main(model, loader, resume):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
    epoch = 0
    if resume:
        ck = torch.load(resume)
        model.load_state_dict(ck["m"])
        epoch = ck["epoch"]
    while epoch < 90:
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        epoch += 1
        torch.save({"m": model.state_dict(), "epoch": epoch}, resume)
