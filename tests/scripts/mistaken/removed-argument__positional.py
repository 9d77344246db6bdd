# expect: 4
from torch.optim.lr_scheduler import ExponentialLR
def build(opt):
    return ExponentialLR(opt, 0.9, -1, True)
