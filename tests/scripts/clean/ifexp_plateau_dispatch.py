import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau, StepLR

def main(model, loader, validate):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = StepLR(opt, 30)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        val_loss = validate(model)
        sched.step(val_loss) if isinstance(sched, ReduceLROnPlateau) else sched.step()
