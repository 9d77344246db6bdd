import torch

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, s / 1000))
    opt.register_step_post_hook(lambda *_: sched.step())
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
