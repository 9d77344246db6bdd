import torch

class LRCallback:
    def __init__(self, scheduler):
        self.scheduler = scheduler

    def on_epoch_end(self):
        self.scheduler.step()

def main(G, D, loader):
    og, od = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
    sg = torch.optim.lr_scheduler.StepLR(og, 10)
    sd = torch.optim.lr_scheduler.StepLR(od, 10)
    callbacks = [LRCallback(sg), LRCallback(sd)]
    for epoch in range(30):
        for real in loader:
            D(real).backward()
            od.step()
            G(real).backward()
            og.step()
        for callback in callbacks:
            callback.on_epoch_end()
