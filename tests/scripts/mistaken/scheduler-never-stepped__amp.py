# expect: 5
import torch
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.LinearLR(opt, 0.01, total_iters=500)
    scaler = torch.cuda.amp.GradScaler()
    for epoch in range(50):
        for x, y in loader:
            opt.zero_grad()
            with torch.autocast("cuda"):
                loss = model(x, y)
            scaler.scale(loss).backward()
            scaler.step(opt)
            scaler.update()
