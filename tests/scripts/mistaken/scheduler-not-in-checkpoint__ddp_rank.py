# expect: 21
import os
import torch
import torch.distributed as dist
def main(rank, model, loader):
    opt = torch.optim.AdamW(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-3, epochs=10, steps_per_epoch=len(loader))
    epoch0 = 0
    if os.path.exists("snap.pt"):
        snap = torch.load("snap.pt")
        model.module.load_state_dict(snap["MODEL"])
        opt.load_state_dict(snap["OPT"])
        epoch0 = snap["EPOCH"]
    for epoch in range(epoch0, 10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            sched.step()
        if dist.get_rank() == 0:
            torch.save({"MODEL": model.module.state_dict(), "OPT": opt.state_dict(), "EPOCH": epoch}, "snap.pt")
