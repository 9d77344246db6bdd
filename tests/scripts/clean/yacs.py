import sys
import torch
from yacs.config import CfgNode as CN

_C = CN()
_C.SOLVER = CN()
_C.SOLVER.EPOCHS = 10
_C.SOLVER.STEPS = [30, 60]

def main(model, loader):
    cfg = _C.clone()
    cfg.merge_from_file(sys.argv[1])
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, cfg.SOLVER.STEPS)
    for epoch in range(cfg.SOLVER.EPOCHS):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
