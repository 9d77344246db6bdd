import argparse
import torch

class CFG:
    epochs = 5
    step_size = 30

def main(model, loader):
    parser = argparse.ArgumentParser()
    for key in vars(CFG):
        parser.add_argument(f"--{key}", type=int)
    for key, value in vars(parser.parse_args()).items():
        if value is not None:
            setattr(CFG, key, value)
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, CFG.step_size)
    for epoch in range(CFG.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
