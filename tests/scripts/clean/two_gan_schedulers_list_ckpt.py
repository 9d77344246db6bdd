import torch

def main(G, D, loader, path, resume):
    opt_g = torch.optim.Adam(G.parameters(), lr=1e-4)
    opt_d = torch.optim.Adam(D.parameters(), lr=1e-4)
    schedulers = [torch.optim.lr_scheduler.StepLR(opt_g, 30), torch.optim.lr_scheduler.StepLR(opt_d, 30)]
    start = 0
    if resume:
        ckpt = torch.load(path)
        opt_g.load_state_dict(ckpt["g"])
        opt_d.load_state_dict(ckpt["d"])
        for s, state in zip(schedulers, ckpt["schedulers"]):
            s.load_state_dict(state)
        start = ckpt["epoch"] + 1
    for epoch in range(start, 90):
        for x in loader:
            opt_d.step()
            opt_g.step()
        for s in schedulers:
            s.step()
        state = {"g": opt_g.state_dict(), "d": opt_d.state_dict(), "epoch": epoch,
                 "schedulers": [s.state_dict() for s in schedulers]}
        torch.save(state, path)
