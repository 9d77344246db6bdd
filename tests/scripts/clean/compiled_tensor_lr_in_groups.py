import torch

def main(model, loader, kwargs):
    opt = torch.optim.AdamW(model.parameters(), **kwargs)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99)
    update = torch.compile(opt.step)
    for epoch in range(10):
        for x, y in loader:
            model(x, y).backward()
            update()
            opt.zero_grad()
        sched.step()
