import torch

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for group in opt.param_groups:
        group["lr"] = torch.tensor(group["lr"])
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.99)

    @torch.compile(fullgraph=False)
    def update():
        opt.step()

    for epoch in range(10):
        for x, y in loader:
            model(x, y).backward()
            update()
            opt.zero_grad()
        sched.step()
