# expect: 11
import torch
def train(model, loader, opt, sched, scaler):
    for x, y in loader:
        with torch.autocast("cuda", torch.float16):
            loss = model(x, y)
        scaler.scale(loss).backward()
        scaler.unscale_(opt)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(opt)
        sched.step()
        scaler.update()
        opt.zero_grad()
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 10 * len(loader))
    scaler = torch.amp.GradScaler()
    for epoch in range(10):
        train(model, loader, opt, sched, scaler)
