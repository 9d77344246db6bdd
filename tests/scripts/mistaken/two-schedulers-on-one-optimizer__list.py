# expect: 7
import torch
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    scheds = [
        torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, s / 5)),
        torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60]),
    ]
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        for s in scheds:
            s.step()
