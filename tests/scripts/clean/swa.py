import torch
from torch.optim.swa_utils import AveragedModel, SWALR, update_bn
from torch.optim.lr_scheduler import CosineAnnealingLR

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    swa_model = AveragedModel(model)
    scheduler = CosineAnnealingLR(opt, T_max=75)
    swa_start = 75
    swa_scheduler = SWALR(opt, swa_lr=0.05)
    for epoch in range(100):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        if epoch > swa_start:
            swa_model.update_parameters(model)
            swa_scheduler.step()
        else:
            scheduler.step()
    update_bn(loader, swa_model)
