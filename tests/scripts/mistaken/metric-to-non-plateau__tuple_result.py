# expect: 12
import torch
def main(model, loader, validate):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 0.9 ** e)
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        val_acc, val_f1 = validate(model)
        sched.step(val_f1)
