import os
import os.path as osp
import sys
import time
import argparse
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader

from tools.optim import build_optimizer
from tools.lr_scheduler import StepLR, CosineAnnealingLR, ReduceLROnPlateau, build_lr_scheduler
from tools.config import cfg
from data import build_dataset
from nets import build_net
from tools.logger import Logger


class Meter(object):
    def __init__(self):
        self.total, self.n = 0.0, 0

    def add(self, v, k=1):
        self.total += v * k
        self.n += k

    @property
    def avg(self):
        return self.total / max(1, self.n)


def train(net, loader, optimizer, scheduler, epoch, logger):
    net.train()
    m = Meter()
    for i, (x, y) in enumerate(loader):
        # this project's schedulers set the rate for the update that comes
        scheduler.step(epoch + i / len(loader))
        lr = scheduler.get_lr()[0]
        loss = F.cross_entropy(net(x.cuda()), y.cuda())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        m.add(loss.item(), len(x))
        if i % 50 == 0:
            logger.write('epoch %d it %d loss %.4f lr %.5f\n' % (epoch, i, m.avg, lr))
    return m.avg


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cfg', required=True)
    args = parser.parse_args()
    cfg.merge_from_file(args.cfg)
    logger = Logger(osp.join(cfg.out, 'log.txt'))
    net = nn.DataParallel(build_net(cfg)).cuda()
    optimizer = build_optimizer(cfg, net)
    if cfg.scheduler == 'step':
        scheduler = StepLR(optimizer, cfg.step_size, verbose=True)
    elif cfg.scheduler == 'cosine':
        scheduler = CosineAnnealingLR(optimizer, cfg.epochs, warmup=5, verbose=True)
    else:
        scheduler = build_lr_scheduler(cfg, optimizer)
    loader = DataLoader(build_dataset(cfg, 'train'), cfg.bs, shuffle=True, num_workers=8)
    for epoch in range(cfg.epochs):
        loss = train(net, loader, optimizer, scheduler, epoch, logger)
        torch.save({'net': net.module.state_dict(), 'optimizer': optimizer.state_dict(), 'epoch': epoch}, osp.join(cfg.out, 'last.pth'))
        logger.write('epoch %d loss %.4f\n' % (epoch, loss))


if __name__ == '__main__':
    main()
