import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60, 80])
    for epoch in range(90):
        for repeat in range(2):
            for x, y in loader:
                opt.zero_grad()
                model(x, y).backward()
                opt.step()
        sched.step()
