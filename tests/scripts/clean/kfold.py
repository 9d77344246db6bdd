import torch
from sklearn.model_selection import KFold

def main(dataset, make_model, make_loader):
    for fold, (train_idx, val_idx) in enumerate(KFold(5).split(dataset)):
        model = make_model()
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10, eta_min=1e-6)
        train_loader = make_loader(dataset, train_idx)
        for epoch in range(10):
            for x, y in train_loader:
                optimizer.zero_grad()
                model(x, y).backward()
                optimizer.step()
            scheduler.step()
        torch.save(model.state_dict(), f"fold{fold}.pt")
