# expect: 6
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    warm = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, s / 1000))
    step = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60])
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            warm.step()
        step.step()
