import sys
import torch
from yacs.config import CfgNode as CN

cfg = CN()
cfg.EPOCHS = 10
cfg.STEPS = [30, 60]

def main(model, loader):
    cfg.merge_from_list(sys.argv[1:])
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, cfg.STEPS)
    for epoch in range(cfg.EPOCHS):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
