import torch
import wandb

defaults = dict(epochs=10, step_size=20)
wandb.init(config=defaults)
config = wandb.config

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters())
    sched = torch.optim.lr_scheduler.StepLR(opt, config.step_size)
    for epoch in range(config.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
