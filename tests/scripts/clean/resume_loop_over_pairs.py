import torch

def main(model, loader, resume):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    start = 0
    if resume:
        ck = torch.load(resume)
        for obj, key in ((model, "model"), (opt, "opt"), (sched, "sched")):
            obj.load_state_dict(ck[key])
        start = ck["epoch"]
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
