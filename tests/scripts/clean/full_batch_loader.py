import torch
from torch.utils.data import DataLoader

def main(model, data):
    loader = DataLoader(data, batch_size=len(data))
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.99)
    for epoch in range(500):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            sched.step()
