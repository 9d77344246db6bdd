import torch
from packaging.version import parse

def build(opt):
    if parse(torch.__version__) < parse("2.2"):
        return torch.optim.lr_scheduler.StepLR(opt, 30, verbose=True)
    return torch.optim.lr_scheduler.StepLR(opt, 30)
