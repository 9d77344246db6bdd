# expect: 6
import torch
def main(model, loader, validate):
    opt = torch.optim.AdamW(model.parameters(), 1e-4)
    cos = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, 10)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
    for epoch in range(100):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        plateau.step(validate(model))
        cos.step()
