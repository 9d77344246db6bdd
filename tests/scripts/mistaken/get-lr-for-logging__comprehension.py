# expect: 10
import torch
def main(a, b, loader):
    oa, ob = torch.optim.Adam(a.parameters()), torch.optim.Adam(b.parameters())
    scheds = {"a": torch.optim.lr_scheduler.StepLR(oa, 10), "b": torch.optim.lr_scheduler.StepLR(ob, 10)}
    for epoch in range(30):
        for x, y in loader:
            (a(x) + b(y)).backward()
            oa.step(); ob.step()
        rates = [s.get_lr()[0] for s in scheds.values()]
        for s in scheds.values():
            s.step()
