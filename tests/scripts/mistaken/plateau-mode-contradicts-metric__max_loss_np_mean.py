# expect: 15
import numpy as np
import torch
def main(model, loader):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, "max", patience=3)
    for epoch in range(10):
        losses = []
        for x, y in loader:
            opt.zero_grad()
            loss = model(x, y)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        sched.step(np.mean(losses))
