import argparse
import os
import torch
import torch.nn as nn
from torch.optim import Adam
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader
from tqdm import tqdm

from depth.data import KITTIDepth
from depth.losses import silog
from depth.net import BTS


def forward_backward(net, batch, opt=None):
    img, gt = batch['image'].cuda(), batch['depth'].cuda()
    pred = net(img)
    loss = silog(pred, gt, gt > 0.1)
    if opt is not None:
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss.item()


def validation(net, loader):
    net.eval()
    acc, n = 0.0, 0
    for batch in loader:
        with torch.no_grad():
            acc += forward_backward(net, batch) * batch['image'].size(0)
            n += batch['image'].size(0)
    return acc / n


def main(opt):
    net = nn.DataParallel(BTS(encoder='densenet161')).cuda()
    optimizer = Adam([{'params': net.module.encoder.parameters(), 'lr': opt.lr / 10}, {'params': net.module.decoder.parameters()}], lr=opt.lr)
    scheduler = ReduceLROnPlateau(optimizer, mode='min', factor=0.5, patience=3)
    train = DataLoader(KITTIDepth('train'), opt.bs, shuffle=True, num_workers=8)
    val = DataLoader(KITTIDepth('val'), opt.bs, num_workers=8)
    lowest = float('inf')
    for epoch in range(opt.epochs):
        net.train()
        acc = 0.0
        for i, batch in enumerate(tqdm(train)):
            acc += forward_backward(net, batch, optimizer)
        acc /= len(train)
        val_acc = validation(net, val)
        scheduler.step(val_acc)
        print(f'[{epoch}] train {acc:.4f} val {val_acc:.4f}')
        if val_acc < lowest:
            lowest = val_acc
            torch.save(net.module.state_dict(), os.path.join(opt.out, 'best.pt'))


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--lr', type=float, default=1e-4)
    parser.add_argument('--bs', type=int, default=4)
    parser.add_argument('--epochs', type=int, default=50)
    parser.add_argument('--out', default='out')
    main(parser.parse_args())
