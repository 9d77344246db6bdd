import torch

def run_epoch(model, loader, optimizer=None, scheduler=None):
    train = optimizer is not None
    model.train(train)
    for x, y in loader:
        loss = model(x, y)
        if train:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()

def main(model, a, b, epochs):
    opt = torch.optim.AdamW(model.parameters())
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-3, total_steps=epochs * len(a))
    for _ in range(epochs):
        run_epoch(model, a, opt, sched)
        run_epoch(model, b)
