import torch

def main(model, loader, val):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, mode="max")
    for epoch in range(20):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        score = -val(model)["val_loss"]
        sched.step(score)
