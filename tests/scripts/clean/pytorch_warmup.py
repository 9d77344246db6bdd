import torch
import pytorch_warmup as warmup

def main(model, loader, epochs):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    num_steps = len(loader) * epochs
    lr_scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=num_steps)
    warmup_scheduler = warmup.UntunedLinearWarmup(opt)
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            with warmup_scheduler.dampening():
                lr_scheduler.step()
