import torch

opt = sched = None

def setup(model):
    global opt, sched
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)

def epoch(model, loader):
    for x, y in loader:
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
    sched.step()

def main(model, loader):
    setup(model)
    for _ in range(30):
        epoch(model, loader)
