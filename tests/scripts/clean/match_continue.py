import torch

def main(model, loader, stage):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)
    for epoch in range(60):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        match stage(epoch):
            case "frozen":
                continue
        sched.step()
