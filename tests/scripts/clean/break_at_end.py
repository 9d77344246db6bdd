import torch

def main(model, stream):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=500)
    for step in range(100000):
        x, y = next(stream)
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
        sched.step()
        if step + 1 == 500:
            break
