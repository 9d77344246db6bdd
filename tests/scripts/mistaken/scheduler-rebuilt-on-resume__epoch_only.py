# expect: 10
import torch
def main(model, loader, args):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    first = 0
    if args.ckpt:
        ck = torch.load(args.ckpt)
        model.load_state_dict(ck["state_dict"])
        first = ck["epoch"]
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=90)
    for ep in range(first, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
