# expect: 8
import torch
class Gan:
    def __init__(self, G, D):
        self.G, self.D = G, D
        self.og, self.od = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
        self.sg = torch.optim.lr_scheduler.StepLR(self.og, 30)
        self.sd = torch.optim.lr_scheduler.StepLR(self.od, 30)
    def train(self, loader, epochs):
        for epoch in range(epochs):
            for real in loader:
                self.od.zero_grad()
                self.D(real).backward()
                self.od.step()
                self.og.zero_grad()
                self.G(real).backward()
                self.og.step()
            self.sg.step()
