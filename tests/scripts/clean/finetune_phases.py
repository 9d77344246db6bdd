import torch
from torch.optim.lr_scheduler import StepLR, CosineAnnealingLR

def run(model, loader, opt, sched, epochs):
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()

def main(model, loader):
    for p in model.backbone.parameters():
        p.requires_grad = False
    opt = torch.optim.Adam(model.head.parameters(), lr=1e-3)
    run(model, loader, opt, StepLR(opt, 3), 5)
    for p in model.backbone.parameters():
        p.requires_grad = True
    opt = torch.optim.Adam(model.parameters(), lr=1e-4)
    sched = CosineAnnealingLR(opt, 20)
    run(model, loader, opt, sched, 20)
