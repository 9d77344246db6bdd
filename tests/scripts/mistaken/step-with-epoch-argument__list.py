# expect: 11
import torch
def main(a, b, loader):
    oa, ob = torch.optim.Adam(a.parameters()), torch.optim.Adam(b.parameters())
    scheds = [torch.optim.lr_scheduler.StepLR(oa, 10), torch.optim.lr_scheduler.StepLR(ob, 10)]
    for epoch in range(30):
        for x, y in loader:
            (a(x) + b(y)).backward()
            oa.step(); ob.step()
        for s in scheds:
            s.step(epoch=epoch)
