import itertools
import torch

def main(model, loader, max_steps=10000):
    opt = torch.optim.AdamW(model.parameters(), lr=3e-4)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=max_steps)
    data = itertools.cycle(loader)
    step = 0
    while step < max_steps:
        x, y = next(data)
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
        sched.step()
        step += 1
        if step % 100 == 0:
            print(step, sched.get_last_lr()[0])
