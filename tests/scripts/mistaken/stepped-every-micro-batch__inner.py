# expect: 15
import argparse
import torch
def main(model, loader):
    p = argparse.ArgumentParser()
    p.add_argument("--gradient_accumulation_steps", type=int, default=16)
    args = p.parse_args()
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, s / 500))
    for step, (x, y) in enumerate(loader):
        (model(x, y) / args.gradient_accumulation_steps).backward()
        if (step + 1) % args.gradient_accumulation_steps == 0 or step == len(loader) - 1:
            opt.step()
            opt.zero_grad()
        sched.step()
