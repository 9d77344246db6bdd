import torch
from torch.optim.lr_scheduler import OneCycleLR

def train(model, loader, epochs):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = OneCycleLR(opt, 1e-3, epochs=epochs, steps_per_epoch=len(loader))
    for epoch in range(epochs):
        for batch in loader:
            if isinstance(batch, dict):
                loss = model(**batch).loss
                loss.backward()
                opt.step()
                sched.step()
                opt.zero_grad()
