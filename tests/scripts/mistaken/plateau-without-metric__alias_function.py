# expect: 11
import torch.optim.lr_scheduler as lrs
from torch import optim
def make(opt):
    return lrs.ReduceLROnPlateau(opt, factor=0.5)
def train(model, loader, opt, sched):
    for x, y in loader:
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
    sched.step()
model, loader = build()
opt = optim.Adam(model.parameters())
sched = make(opt)
for epoch in range(10):
    train(model, loader, opt, sched)
