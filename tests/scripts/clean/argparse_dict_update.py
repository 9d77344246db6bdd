import argparse
import json
import torch

def main(model, loader):
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", default="exp.json")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--step-size", type=int, default=30)
    args = parser.parse_args()
    args.__dict__.update(json.load(open(args.config)))
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, args.step_size)
    for epoch in range(args.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
