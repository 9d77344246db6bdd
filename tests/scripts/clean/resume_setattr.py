import torch

def main(model, loader, resume):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    start = 0
    if resume is not None:
        ck = torch.load(resume)
        model.load_state_dict(ck["model"])
        opt.load_state_dict(ck["opt"])
        start = ck["epoch"] + 1
        sched.last_epoch = start
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), epoch=epoch), "ck.pt")
