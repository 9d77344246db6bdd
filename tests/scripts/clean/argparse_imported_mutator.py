import argparse
import torch
from mylib.config import apply_preset

def main(model, loader):
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="imagenet")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--milestones", type=int, nargs="+", default=[30, 60])
    args = parser.parse_args()
    apply_preset(args)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, args.milestones)
    for epoch in range(args.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
