import torch
from lightning.fabric import Fabric

def main(model, dataloader):
    fabric = Fabric(accelerator="cuda", devices=8)
    fabric.launch()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=50)
    model, optimizer = fabric.setup(model, optimizer)
    dataloader = fabric.setup_dataloaders(dataloader)
    for epoch in range(50):
        for batch in dataloader:
            optimizer.zero_grad()
            loss = model(batch)
            fabric.backward(loss)
            optimizer.step()
        scheduler.step()
