import torch
from torch.optim.lr_scheduler import StepLR, ExponentialLR, CosineAnnealingLR, ReduceLROnPlateau

SCHEDULERS = {
    "step": lambda o: StepLR(o, 30),
    "exp": lambda o: ExponentialLR(o, 0.97),
    "cosine": lambda o: CosineAnnealingLR(o, 90),
    "plateau": lambda o: ReduceLROnPlateau(o, "min"),
}

def main(name, model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = SCHEDULERS[name](opt)
    for epoch in range(90):
        running_loss = 0
        for x, y in loader:
            opt.zero_grad()
            loss = model(x, y)
            loss.backward()
            opt.step()
            running_loss += loss.item()
        if name == "plateau":
            sched.step(running_loss)
        else:
            sched.step()
