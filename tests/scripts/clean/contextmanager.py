from contextlib import contextmanager
import torch

@contextmanager
def epoch_scope(scheduler, name):
    print("begin", name)
    yield
    scheduler.step()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    for epoch in range(30):
        with epoch_scope(sched, epoch):
            for x, y in loader:
                opt.zero_grad()
                model(x, y).backward()
                opt.step()
