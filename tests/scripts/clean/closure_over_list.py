import torch

def main(model, loader, bus):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    parts = {"lr": torch.optim.lr_scheduler.StepLR(opt, 10)}
    bus.on("epoch_end", lambda: parts["lr"].step())
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        bus.emit("epoch_end")
