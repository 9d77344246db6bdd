import collections
import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    queue = collections.deque([(5, torch.optim.lr_scheduler.LinearLR(opt, total_iters=5)),
                               (25, torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25))])
    left, current = queue.popleft()
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        current.step()
        left -= 1
        if not left and queue:
            left, current = queue.popleft()
