import torch

def main(model, loader, resume):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    start = 0
    if resume:
        ck = torch.load(resume)
        model.load_state_dict(ck["model"])
        start = ck["epoch"]
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 0.97 ** (e + start))
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
