import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    stage = "warmup"
    if stage == "warmup":
        sched = torch.optim.lr_scheduler.LinearLR(opt, total_iters=5)
    stage = "main"
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        if stage == "main":
            sched.step()
