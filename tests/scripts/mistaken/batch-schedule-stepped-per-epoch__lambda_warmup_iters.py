# expect: 57
import argparse
import math
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision.transforms as T
from torch.optim.lr_scheduler import LinearLR, CosineAnnealingLR, SequentialLR
from torch.utils.data import DataLoader
from torchvision.datasets import STL10

from mae import MaskedAutoencoder


def get_args():
    p = argparse.ArgumentParser('MAE pre-training', add_help=False)
    p.add_argument('--batch_size', default=256, type=int)
    p.add_argument('--epochs', default=400, type=int)
    p.add_argument('--warmup_epochs', default=40, type=int)
    p.add_argument('--blr', default=1.5e-4, type=float)
    p.add_argument('--mask_ratio', default=0.75, type=float)
    p.add_argument('--out', default='out')
    return p.parse_args()


def train_one_epoch(model, loader, optimizer, epoch, args):
    model.train()
    total = 0.0
    for it, (x, _) in enumerate(loader):
        x = x.cuda(non_blocking=True)
        with torch.autocast('cuda', dtype=torch.bfloat16):
            loss, _, _ = model(x, mask_ratio=args.mask_ratio)
        if not math.isfinite(loss.item()):
            raise RuntimeError(f'loss is {loss.item()}')
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def main(args):
    tf = T.Compose([T.RandomResizedCrop(96, (0.2, 1.0)), T.RandomHorizontalFlip(), T.ToTensor()])
    loader = DataLoader(STL10('data', 'unlabeled', transform=tf, download=True), args.batch_size, shuffle=True, num_workers=8, drop_last=True)
    model = MaskedAutoencoder(img_size=96, patch_size=8).cuda()
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.blr * args.batch_size / 256, betas=(0.9, 0.95), weight_decay=0.05)
    warmup_steps = args.warmup_epochs * len(loader)
    total_steps = args.epochs * len(loader)
    scheduler = SequentialLR(optimizer, schedulers=[
        LinearLR(optimizer, 1e-3, total_iters=warmup_steps),
        CosineAnnealingLR(optimizer, T_max=total_steps - warmup_steps),
    ], milestones=[warmup_steps])
    for epoch in range(args.epochs):
        loss = train_one_epoch(model, loader, optimizer, epoch, args)
        scheduler.step()
        print(f'epoch {epoch} loss {loss:.4f} lr {optimizer.param_groups[0]["lr"]:.2e}')
        if (epoch + 1) % 50 == 0:
            torch.save(model.state_dict(), os.path.join(args.out, f'mae_{epoch + 1}.pt'))


if __name__ == '__main__':
    main(get_args())
