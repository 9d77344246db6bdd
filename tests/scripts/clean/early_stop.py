import torch

def fit(model, loader, val_loader, patience=10):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=3, min_lr=1e-6)
    best, wait = float("inf"), 0
    for epoch in range(1000):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        val_loss = sum(model(x, y).item() for x, y in val_loader) / len(val_loader)
        sched.step(val_loss)
        if val_loss < best:
            best, wait = val_loss, 0
        else:
            wait += 1
            if wait > patience:
                break
        if opt.param_groups[0]["lr"] <= 1e-6:
            break
