# expect: 5
import torch
def build(opt):
    options = dict(mode="min", factor=0.5, verbose=True)  
    return torch.optim.lr_scheduler.ReduceLROnPlateau(opt, **options)
