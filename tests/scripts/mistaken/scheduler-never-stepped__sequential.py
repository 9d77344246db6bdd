# expect: 6
import torch
from torch.optim.lr_scheduler import SequentialLR, LinearLR, CosineAnnealingLR
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = SequentialLR(opt, [LinearLR(opt, total_iters=5), CosineAnnealingLR(opt, 85)], [5])
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
