import torch

def main(model, loader, epochs=20):
    milestones = [10, 100]
    milestones[-1] = 15
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, milestones)
    for epoch in range(20):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
