# expect: 10
import torch
def main(model, it, n):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.LinearLR(opt, 0.01, total_iters=n)
    step = 0
    while step < n:
        x, y = next(it)
        model(x, y).backward()
        sched.step()
        opt.step()
        opt.zero_grad()
        step += 1
