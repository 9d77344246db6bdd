import torch
from torch.optim import lr_scheduler as S

def main(kind, model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    if kind == "a": sched = S.StepLR(opt, 30)
    elif kind == "b": sched = S.StepLR(opt, 20)
    elif kind == "c": sched = S.StepLR(opt, 40)
    elif kind == "d": sched = S.MultiStepLR(opt, [30, 60])
    elif kind == "e": sched = S.MultiStepLR(opt, [20, 60])
    elif kind == "f": sched = S.ExponentialLR(opt, 0.99)
    elif kind == "g": sched = S.ExponentialLR(opt, 0.97)
    elif kind == "h": sched = S.CosineAnnealingLR(opt, 90)
    elif kind == "i": sched = S.PolynomialLR(opt, 90)
    elif kind == "j": sched = S.PolynomialLR(opt, 90, power=2)
    elif kind == "k": sched = S.LinearLR(opt, total_iters=90)
    elif kind == "l": sched = S.ConstantLR(opt)
    elif kind == "m": sched = S.LambdaLR(opt, lambda e: 0.95 ** e)
    elif kind == "n": sched = S.MultiplicativeLR(opt, lambda e: 0.95)
    elif kind == "o": sched = S.CosineAnnealingWarmRestarts(opt, 10)
    elif kind == "p": sched = S.CosineAnnealingWarmRestarts(opt, 10, 2)
    elif kind == "q": sched = S.CosineAnnealingWarmRestarts(opt, 30)
    else: sched = S.LambdaLR(opt, lambda e: 1.0)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
