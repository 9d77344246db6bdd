import argparse
import yaml
import torch

parser = argparse.ArgumentParser()
parser.add_argument("--config", default="exp.yaml")
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--step-size", type=int, default=30)

def main(model, loader):
    args = parser.parse_args()
    with open(args.config) as f:
        vars(args).update(yaml.safe_load(f))
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, args.step_size)
    for epoch in range(args.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
