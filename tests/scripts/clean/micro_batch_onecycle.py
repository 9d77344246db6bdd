import torch

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-3, epochs=10, steps_per_epoch=len(loader))
    for epoch in range(10):
        for i, (x, y) in enumerate(loader):
            model(x, y).backward()
            if (i + 1) % 4 == 0:
                opt.step()
                opt.zero_grad()
            sched.step()
