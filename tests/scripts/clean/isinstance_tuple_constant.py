import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau, OneCycleLR, CyclicLR

PER_BATCH = (OneCycleLR, CyclicLR)

def main(model, loader, evaluate):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-4)
    sched = OneCycleLR(opt, 1e-3, epochs=3, steps_per_epoch=len(loader))
    for epoch in range(3):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            if isinstance(sched, PER_BATCH):
                sched.step()
        if not isinstance(sched, PER_BATCH):
            sched.step()
