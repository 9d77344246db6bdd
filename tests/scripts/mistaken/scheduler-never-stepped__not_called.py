# expect: 5
import torch
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, 10)
    for epoch in range(50):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        scheduler.step
