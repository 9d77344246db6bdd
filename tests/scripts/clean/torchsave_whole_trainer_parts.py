import torch

def main(model, loader, path, resume):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    parts = {"model": model, "opt": opt, "sched": sched}
    start = 0
    if resume:
        ck = torch.load(path)
        for name, part in parts.items():
            part.load_state_dict(ck[name])
        start = ck["epoch"]
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        ck = {name: part.state_dict() for name, part in parts.items()}
        ck["epoch"] = epoch + 1
        torch.save(ck, path)
