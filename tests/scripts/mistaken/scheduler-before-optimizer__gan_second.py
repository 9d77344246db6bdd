# expect: 8
import torch
def main(G, D, loader):
    og, od = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
    sg = torch.optim.lr_scheduler.ExponentialLR(og, 0.99)
    sd = torch.optim.lr_scheduler.ExponentialLR(od, 0.99)
    for epoch in range(100):
        sg.step()
        for real in loader:
            D(real).backward()
            od.step()
            G(real).backward()
            og.step()
        sd.step()
