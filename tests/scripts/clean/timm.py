import torch
from timm.scheduler import create_scheduler_v2
from timm.optim import create_optimizer_v2

def main(model, loader, args):
    optimizer = create_optimizer_v2(model, opt="adamw", lr=1e-3)
    lr_scheduler, num_epochs = create_scheduler_v2(optimizer, sched="cosine", num_epochs=300)
    for epoch in range(num_epochs):
        num_updates = epoch * len(loader)
        for x, y in loader:
            optimizer.zero_grad()
            model(x, y).backward()
            optimizer.step()
            num_updates += 1
            lr_scheduler.step_update(num_updates=num_updates)
        lr_scheduler.step(epoch + 1, 0.5)
