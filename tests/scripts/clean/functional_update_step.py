import torch

def make_update(model, opt, sched):
    def update(x, y):
        opt.zero_grad()
        loss = model(x, y)
        loss.backward()
        opt.step()
        sched.step()
        return loss.item()
    return update

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters())
    update = make_update(model, opt, torch.optim.lr_scheduler.LambdaLR(opt, lambda s: 0.9999 ** s))
    for epoch in range(5):
        for x, y in loader:
            update(x, y)
