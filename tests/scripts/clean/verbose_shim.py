import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

def build(opt):
    try:
        return ReduceLROnPlateau(opt, patience=5, verbose=True)
    except TypeError:
        return ReduceLROnPlateau(opt, patience=5)
