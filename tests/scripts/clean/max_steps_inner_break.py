import torch

def main(model, loader, max_steps=2000):
    opt = torch.optim.AdamW(model.parameters())
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=2000)
    step = 0
    for epoch in range(10**6):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            sched.step()
            step += 1
            if step >= 2000:
                return
