import torch
from torch import nn

def main(loader):
    net = nn.Linear(4, 2)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    sched = None

    def setup():
        nonlocal sched
        sched = torch.optim.lr_scheduler.StepLR(opt, step_size=10)

    setup()
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            opt.step()
        sched.step()
