import torch
import torch.optim as optim

def build_scheduler(optimizer, cfg):
    cls = getattr(optim.lr_scheduler, cfg["name"])
    return cls(optimizer, **cfg["args"])

def main(cfg, model, loader, validate):
    optimizer = getattr(optim, cfg["opt"])(model.parameters(), **cfg["opt_args"])
    scheduler = build_scheduler(optimizer, cfg["scheduler"])
    for epoch in range(cfg["epochs"]):
        for x, y in loader:
            optimizer.zero_grad()
            model(x, y).backward()
            optimizer.step()
        if cfg["scheduler"]["name"] == "ReduceLROnPlateau":
            scheduler.step(validate(model))
        else:
            scheduler.step()
