# expect: 11
import torch
from lightning.fabric import Fabric
class CFG:
    epochs = 12
    drop = [8, 11, 24]
def main(model, loader):
    fabric = Fabric()
    opt = torch.optim.SGD(model.parameters(), 0.1)
    model, opt = fabric.setup(model, opt)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, CFG.drop)
    for epoch in range(1, CFG.epochs + 1):
        for b in loader:
            opt.zero_grad()
            fabric.backward(model(b))
            opt.step()
        sched.step()
