import torch

ACCUM = 8

def train(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.LinearLR(opt, 0.01, 1.0, total_iters=100)
    for epoch in range(10):
        for i, (x, y) in enumerate(loader):
            last = i == len(loader) - 1
            boundary = (i + 1) % ACCUM == 0 or last
            (model(x, y) / ACCUM).backward()
            if boundary:
                opt.step()
                opt.zero_grad(set_to_none=True)
                sched.step()
