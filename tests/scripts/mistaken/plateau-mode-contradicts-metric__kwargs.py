# expect: 13
import torch
def main(model, loader, validate):
    opt = torch.optim.Adam(model.parameters())
    kw = {"mode": "max", "factor": 0.5}
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, **kw)
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        val_loss, val_acc = validate(model)
        sched.step(metrics=val_loss)
