import torch
from mylib import read_command_line

CONFIG = dict(epochs=10, step_size=30)
read_command_line(CONFIG)

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, CONFIG["step_size"])
    for epoch in range(CONFIG["epochs"]):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
