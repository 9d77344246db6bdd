# expect: 12
import torch
def main(model, loader):
    opt = torch.optim.Adam(model.parameters())
    cls = getattr(torch.optim.lr_scheduler, "ReduceLROnPlateau")
    sched = cls(opt, patience=2)
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
