# expect: 11
import torch
def main(model, loader, epochs):
    scaler = torch.amp.GradScaler("cuda", enabled=False)
    opt = torch.optim.AdamW(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-3, epochs=epochs, steps_per_epoch=len(loader))
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            scaler.scale(model(x, y)).backward()
            sched.step()
            scaler.step(opt)
            scaler.update()
