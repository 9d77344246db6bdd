# expect: 18
import argparse
import torch
from torch.utils.data import DataLoader
p = argparse.ArgumentParser()
p.add_argument("--epochs", type=int, default=200)
p.add_argument("--milestones", type=int, nargs="+", default=[60, 120, 160])
args = p.parse_args()
model, data = build()
train_dl = DataLoader(data, 128)
opt = torch.optim.SGD(model.parameters(), 0.1)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, args.milestones, 0.2)
for epoch in range(args.epochs):
    for x, y in train_dl:
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
        sched.step()
