# expect: 19
import torch
def main(model, loader, resume=None):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    start = 0
    if resume:
        ck = torch.load(resume, map_location="cpu")
        model.load_state_dict(ck["model"])
        opt.load_state_dict(ck["opt"])
        start = ck["epoch"] + 1
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        if epoch % 10 == 0:
            torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), epoch=epoch), f"ck{epoch}.pt")
