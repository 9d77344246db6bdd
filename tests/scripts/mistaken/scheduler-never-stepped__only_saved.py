# expect: 5
import torch
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 50)
    for epoch in range(50):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        torch.save({"model": model.state_dict(), "scheduler": scheduler.state_dict()}, "m.pt")
