import torch
from torch.optim.lr_scheduler import SequentialLR, LinearLR, CosineAnnealingLR

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    warm = LinearLR(opt, start_factor=0.01, total_iters=5)
    main_ = CosineAnnealingLR(opt, T_max=95)
    sched = SequentialLR(opt, schedulers=[warm, main_], milestones=[5])
    for epoch in range(100):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
