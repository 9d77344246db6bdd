import torch
from torch.cuda.amp import GradScaler, autocast

def train(model, loader, epochs):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-3, epochs=epochs, steps_per_epoch=len(loader))
    scaler = GradScaler()
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            with autocast():
                loss = model(x, y)
            scaler.scale(loss).backward()
            before = scaler.get_scale()
            scaler.step(opt)
            scaler.update()
            skipped = before > scaler.get_scale()
            if not skipped:
                sched.step()
