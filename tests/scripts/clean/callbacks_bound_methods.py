import torch

def main(model, loader, log):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    on_epoch_end = [log, sched.step]
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        for callback in on_epoch_end:
            callback()
