import matplotlib.pyplot as plt
import torch
from torch.optim.lr_scheduler import StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR

opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
for make in (lambda o: StepLR(o, 100), lambda o: CosineAnnealingLR(o, 200), lambda o: ExponentialLR(o, 0.9)):
    for g in opt.param_groups:
        g["lr"] = 1.0
    sched = make(opt)
    lrs = []
    for step in range(100):
        lrs.append(sched.get_last_lr()[0])
        opt.step()
        sched.step()
    plt.plot(lrs)
