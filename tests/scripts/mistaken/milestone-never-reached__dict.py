# expect: 6
import torch
CFG = {"train": {"epochs": 20}, "sched": {"step_size": 25, "gamma": 0.1}}
def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, **CFG["sched"])
    for epoch in range(CFG["train"]["epochs"]):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
