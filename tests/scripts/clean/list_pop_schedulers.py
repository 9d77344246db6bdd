import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    queue = [torch.optim.lr_scheduler.LinearLR(opt, total_iters=5), torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25)]
    current = queue.pop(0)
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        current.step()
        if epoch == 4:
            current = queue.pop(0)
