from typing import Optional
import torch

def fit(model, loader, optimizer, epochs: int, scheduler: Optional[torch.optim.lr_scheduler.LRScheduler] = None, per_batch: bool = False):
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            model(x, y).backward()
            optimizer.step()
            if scheduler is not None and per_batch:
                scheduler.step()
        if scheduler is not None and not per_batch:
            scheduler.step()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    fit(model, loader, opt, 20, torch.optim.lr_scheduler.StepLR(opt, 5))
    opt = torch.optim.SGD(model.parameters(), 0.1)
    fit(model, loader, opt, 5, torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, epochs=5, steps_per_epoch=len(loader)), per_batch=True)
