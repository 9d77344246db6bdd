import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau as Plateau

def main(model, loader, evaluate):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = Plateau(opt, patience=3)
    for epoch in range(90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        val_loss = evaluate(model)
        if isinstance(sched, Plateau):
            sched.step(val_loss)
        else:
            sched.step()
