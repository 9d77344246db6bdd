# expect: 11
import torch
def main(a, b, loader):
    oa, ob = torch.optim.Adam(a.parameters()), torch.optim.Adam(b.parameters())
    scheds = [torch.optim.lr_scheduler.ReduceLROnPlateau(o) for o in (oa, ob)]
    for epoch in range(10):
        for x, y in loader:
            (a(x) + b(y)).backward()
            oa.step(); ob.step()
        for s in scheds:
            s.step()
