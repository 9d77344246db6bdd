import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    events = {"epoch_end": [lambda: sched.step()], "batch_end": []}
    def fire(name):
        for f in events[name]:
            f()
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            fire("batch_end")
        fire("epoch_end")
