import torch
from monai.losses import DiceLoss

dice_loss = DiceLoss(sigmoid=True)

def main(model, loader, val_loader):
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, mode="min", patience=5)
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            dice_loss(model(x), y).backward()
            opt.step()
        with torch.no_grad():
            dice = torch.stack([dice_loss(model(x), y) for x, y in val_loader]).mean()
        sched.step(dice)
