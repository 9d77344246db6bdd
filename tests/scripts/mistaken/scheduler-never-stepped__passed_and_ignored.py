# expect: 10
import torch
def train_epoch(model, loader, opt, sched):
    for x, y in loader:
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 50)
    for epoch in range(50):
        train_epoch(model, loader, opt, sched)
