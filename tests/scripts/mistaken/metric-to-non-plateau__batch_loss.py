# expect: 12
import torch
def main(model, loader):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.999)
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            loss = model(x, y)
            loss.backward()
            opt.step()
            sched.step(loss.item())
