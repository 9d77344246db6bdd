# expect: 5
import torch
def main(model, it):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=1000)
    for step in range(2000):
        x, y = next(it)
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
        sched.step()
