import torch

def main(nets, loader, path, resume):
    opts = [torch.optim.SGD(n.parameters(), lr=0.1) for n in nets]
    scheds = [torch.optim.lr_scheduler.StepLR(o, 30) for o in opts]
    start = 0
    if resume:
        ckpt = torch.load(path)
        for o, s in zip(opts, ckpt["opts"]):
            o.load_state_dict(s)
        for s, state in zip(scheds, ckpt["scheds"]):
            s.load_state_dict(state)
        start = ckpt["epoch"] + 1
    for epoch in range(start, 90):
        for x, y in loader:
            for n, o in zip(nets, opts):
                o.zero_grad()
                n(x, y).backward()
                o.step()
        for s in scheds:
            s.step()
        torch.save({"opts": [o.state_dict() for o in opts], "scheds": [s.state_dict() for s in scheds], "epoch": epoch}, path)
