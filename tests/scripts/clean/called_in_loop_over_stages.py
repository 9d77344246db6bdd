import torch

EPOCHS = 10

def stage(model, loader, opt, sched):
    for epoch in range(EPOCHS):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()

def main(model, loaders):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [15, 25])
    for loader in loaders:
        stage(model, loader, opt, sched)
