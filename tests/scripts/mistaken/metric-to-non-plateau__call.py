# expect: 12
import torch
def evaluate_loss(model): ...
def main(model, loader):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [5, 8])
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step(evaluate_loss(model))
