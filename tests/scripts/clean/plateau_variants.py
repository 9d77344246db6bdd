import torch

def main(model, loader, val):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    a = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, "max", patience=2)
    history = {"val_acc": [], "val_loss": []}
    for epoch in range(100):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        loss, acc = val(model)
        history["val_acc"].append(acc)
        history["val_loss"].append(loss)
        a.step(history["val_acc"][-1])
