# expect: 14
import torch
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.LinearLR(opt, 0.01, total_iters=100)
    scaler = torch.amp.GradScaler()
    for i, (x, y) in enumerate(loader):
        scaler.scale(model(x, y)).backward()
        if (i + 1) % 4:
            continue
        scaler.step(opt)
        scaler.update()
        opt.zero_grad()
        sched.step()
