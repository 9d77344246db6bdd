import torch

def main(model, train_loader, epochs):
    optimizer = torch.optim.AdamW(model.parameters())
    beta_scheduler = Annealer(0, 1, epochs)
    kl_scheduler = Annealer(0, 1, epochs)
    lr_scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.97)
    for epoch in range(epochs):
        beta_scheduler.step()
        for x in train_loader:
            optimizer.zero_grad()
            model(x, beta_scheduler.value).backward()
            optimizer.step()
        lr_scheduler.step()
