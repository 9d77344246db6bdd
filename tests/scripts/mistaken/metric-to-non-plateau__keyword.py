# expect: 11
import torch
def main(model, loader, validate):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.StepLR(opt, 5)
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step(metrics=validate(model))
