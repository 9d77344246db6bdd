# expect: 10
import torch
def main(a, b, loader):
    oa, ob = torch.optim.SGD(a.parameters(), 0.1), torch.optim.SGD(b.parameters(), 0.1)
    pairs = [(oa, torch.optim.lr_scheduler.StepLR(oa, 30000)), (ob, torch.optim.lr_scheduler.StepLR(ob, 30000))]
    for epoch in range(90):
        for x, y in loader:
            (a(x, y) + b(x, y)).backward()
            for o, s in pairs:
                s.step()
                o.step()
                o.zero_grad()
