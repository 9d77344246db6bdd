import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau, StepLR

def main(a, b, loader, validate):
    oa, ob = torch.optim.SGD(a.parameters(), 0.1), torch.optim.SGD(b.parameters(), 0.1)
    scheds = [StepLR(oa, 10), ReduceLROnPlateau(ob)]
    for epoch in range(30):
        for x, y in loader:
            a(x, y).backward()
            b(x, y).backward()
            oa.step()
            ob.step()
        loss = validate(a, b)
        [s.step() for s in scheds if not isinstance(s, ReduceLROnPlateau)]
        [s.step(loss) for s in scheds if isinstance(s, ReduceLROnPlateau)]
