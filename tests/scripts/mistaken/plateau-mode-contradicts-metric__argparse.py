# expect: 16
import argparse
import torch
def main(model, loader, validate):
    args = argparse.ArgumentParser().parse_args()
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, "min", 0.5, 3)
    best_acc = 0
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        top1 = validate(model)
        best_acc = max(best_acc, top1)
        sched.step(top1)
