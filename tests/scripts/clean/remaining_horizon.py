import torch

def main(model, loader, path, resume):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    start = 0
    if resume:
        ckpt = torch.load(path)
        model.load_state_dict(ckpt["model"])
        start = ckpt["epoch"] + 1
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=90 - start)
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
