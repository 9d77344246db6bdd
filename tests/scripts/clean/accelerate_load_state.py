import torch
from accelerate import Accelerator

def main(model, ema, loader, resume):
    accelerator = Accelerator()
    optimizer = torch.optim.AdamW(model.parameters())
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)
    model, optimizer, loader, scheduler = accelerator.prepare(model, optimizer, loader, scheduler)
    start = 0
    if resume:
        accelerator.load_state(resume)
        extra = torch.load(resume + "/extra.pt")
        ema.load_state_dict(extra["ema"])
        start = extra["epoch"] + 1
    for epoch in range(start, 90):
        for batch in loader:
            optimizer.zero_grad()
            accelerator.backward(model(batch))
            optimizer.step()
        scheduler.step()
        accelerator.save_state(f"ck/{epoch}")
        torch.save({"ema": ema.state_dict(), "epoch": epoch}, f"ck/{epoch}/extra.pt")
