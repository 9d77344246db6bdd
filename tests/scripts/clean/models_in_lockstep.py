import torch

def main(models, loader):
    opts = [torch.optim.SGD(m.parameters(), lr=0.1) for m in models]
    scheds = [torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=50) for o in opts]
    for epoch in range(50):
        for k in range(2):
            for x, y in loader:
                opts[k].zero_grad()
                models[k](x, y).backward()
                opts[k].step()
            scheds[k].step()
