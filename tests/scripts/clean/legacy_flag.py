import torch

def run(model, loader, legacy=False):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    for epoch in range(90):
        if legacy:
            sched.step()
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        if not legacy:
            sched.step()

run(make_model(), make_loader())
