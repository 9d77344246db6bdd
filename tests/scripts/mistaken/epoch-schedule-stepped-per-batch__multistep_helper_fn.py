# expect: 26
import argparse
import os
import random

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.optim.lr_scheduler import MultiStepLR
from torch.utils.data import DataLoader
from tqdm import tqdm

from deeplab import DeepLabV3
from loader import Cityscapes
from metrics import StreamSegMetrics


def optimize(net, batch, criterion, optimizer, lr_scheduler):
    img, mask = batch
    optimizer.zero_grad()
    loss = criterion(net(img.cuda()), mask.cuda().long())
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimizer.step()
    lr_scheduler.step()
    return loss.item()


def validate(net, loader, metrics):
    metrics.reset()
    net.eval()
    with torch.no_grad():
        for img, mask in tqdm(loader):
            metrics.update(mask.numpy(), net(img.cuda()).argmax(1).cpu().numpy())
    return metrics.get_results()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--root', type=str, default='cityscapes')
    parser.add_argument('--num_epochs', type=int, default=120)
    parser.add_argument('--lr', type=float, default=0.01)
    parser.add_argument('--batch_size', type=int, default=8)
    parser.add_argument('--seed', type=int, default=1)
    opts = parser.parse_args()
    torch.manual_seed(opts.seed)
    np.random.seed(opts.seed)
    random.seed(opts.seed)
    train_loader = DataLoader(Cityscapes(opts.root, 'train'), opts.batch_size, shuffle=True, num_workers=4, drop_last=True)
    val_loader = DataLoader(Cityscapes(opts.root, 'val'), 4, num_workers=4)
    net = nn.DataParallel(DeepLabV3(19)).cuda()
    criterion = nn.CrossEntropyLoss(ignore_index=255)
    optimizer = optim.SGD(net.parameters(), lr=opts.lr, momentum=0.9, weight_decay=1e-4)
    scheduler = MultiStepLR(optimizer, milestones=[int(opts.num_epochs * 0.5), int(opts.num_epochs * 0.8)], gamma=0.1)
    metrics = StreamSegMetrics(19)
    best = 0.0
    for epoch in range(opts.num_epochs):
        net.train()
        losses = [optimize(net, b, criterion, optimizer, scheduler) for b in tqdm(train_loader)]
        score = validate(net, val_loader, metrics)
        print(f"epoch {epoch}: loss {np.mean(losses):.4f} mIoU {score['Mean IoU']:.4f}")
        if score['Mean IoU'] > best:
            best = score['Mean IoU']
            torch.save(net.state_dict(), os.path.join('checkpoints', 'best.pth'))


if __name__ == '__main__':
    main()
