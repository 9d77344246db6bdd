# expect: 5
import torch
def make(model):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=50)
    return opt, sched
def main(model, loader):
    opt, sched = make(model)
    for epoch in range(50):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        print(sched.get_last_lr())
