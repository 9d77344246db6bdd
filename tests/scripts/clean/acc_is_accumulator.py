import torch

def main(model, loader, val_loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        acc = 0.0
        with torch.no_grad():
            for x, y in val_loader:
                acc += model(x, y).item()
        sched.step(acc / len(val_loader))
