import argparse
import inspect
import os
import warnings

import torch
import torch.nn as nn
from packaging.version import Version
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader
from tqdm import tqdm

from models import build_unet
from datasets import BratsSlices
from callbacks import EarlyStopping, ModelCheckpoint

plateau_kwargs = {"factor": 0.1, "patience": 3}
if Version(torch.__version__) < Version("2.2"):
    plateau_kwargs["verbose"] = True


class DiceLoss(nn.Module):
    def forward(self, logits, target):
        p = logits.sigmoid()
        return 1 - (2 * (p * target).sum() + 1) / (p.sum() + target.sum() + 1)


def epoch_pass(model, loader, loss_fn, device, optimizer=None):
    total_dice_loss = 0.0
    for img, mask in tqdm(loader, leave=False):
        img, mask = img.to(device), mask.to(device)
        if optimizer:
            optimizer.zero_grad()
        dice = loss_fn(model(img), mask)
        if optimizer:
            dice.backward()
            optimizer.step()
        total_dice_loss += dice.item()
    return total_dice_loss / len(loader)


def main(args):
    device = torch.device(args.device)
    train_dl = DataLoader(BratsSlices(args.root, "train"), args.bs, shuffle=True, num_workers=args.workers)
    valid_dl = DataLoader(BratsSlices(args.root, "valid"), args.bs, num_workers=args.workers)
    model = build_unet(4, 3).to(device)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=args.lr, weight_decay=1e-8, momentum=0.9)
    scheduler = ReduceLROnPlateau(optimizer, "min", **plateau_kwargs)
    stopper = EarlyStopping(patience=8, verbose=True)
    checkpoint = ModelCheckpoint(os.path.join(args.out, "best.pt"), mode="min", verbose=True)
    loss_fn = DiceLoss()
    for epoch in range(args.epochs):
        model.train()
        tr = epoch_pass(model, train_dl, loss_fn, device, optimizer)
        model.eval()
        with torch.no_grad():
            dice = epoch_pass(model, valid_dl, loss_fn, device)
        scheduler.step(dice)
        checkpoint(dice, model)
        print(f"{epoch:3d} train {tr:.4f} valid {dice:.4f} lr {scheduler.get_last_lr()[0]:.1e}")
        if stopper(dice):
            break


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--root", default="brats")
    p.add_argument("--out", default="out")
    p.add_argument("--bs", type=int, default=16)
    p.add_argument("--lr", type=float, default=1e-4)
    p.add_argument("--epochs", type=int, default=60)
    p.add_argument("--workers", type=int, default=8)
    p.add_argument("--device", default="cuda")
    main(p.parse_args())
