import torch

def train(model, loader, epochs, accum):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    total = epochs * (len(loader) // accum)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=total)
    for epoch in range(epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader, start=1):
            (model(x, y) / accum).backward()
            if i % accum:
                continue
            opt.step()
            sched.step()
            opt.zero_grad()
