# expect: 13
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CyclicLR(opt, 1e-4, 1e-2, step_size_up=2000)
    global_step = 0
    for _ in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            global_step += 1
            sched.step(global_step)
