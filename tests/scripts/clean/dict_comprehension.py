import torch

def main(nets, loader):
    opts = {k: torch.optim.SGD(n.parameters(), 0.1) for k, n in nets.items()}
    scheds = {k: torch.optim.lr_scheduler.StepLR(o, 10) for k, o in opts.items()}
    for epoch in range(30):
        for x, y in loader:
            for k, n in nets.items():
                opts[k].zero_grad()
                n(x, y).backward()
                opts[k].step()
        for s in scheds.values():
            s.step()
