import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    warm = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / 500))
    cos = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            if epoch == 0:
                warm.step()
        if epoch > 0:
            cos.step()
