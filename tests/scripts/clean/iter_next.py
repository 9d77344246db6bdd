import torch

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=3e-4)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 3e-4, total_steps=5000)
    it = iter(loader)
    for step in range(5000):
        try:
            x, y = next(it)
        except StopIteration:
            it = iter(loader)
            x, y = next(it)
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
        sched.step()
