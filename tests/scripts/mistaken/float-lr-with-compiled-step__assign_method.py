# expect: 5
import torch
def main(model, loader):
    opt = torch.optim.Adam(model.parameters(), 1e-3)
    opt.step = torch.compile(opt.step)
    sched = torch.optim.lr_scheduler.LinearLR(opt, 0.1, total_iters=1000)
    for x, y in loader:
        model(x, y).backward()
        opt.step()
        opt.zero_grad()
        sched.step()
