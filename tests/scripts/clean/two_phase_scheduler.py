import torch

def main(model, loader, warm=5):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    warmup = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: (e + 1) / warm)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 95)
    for epoch in range(100):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        (warmup if epoch < warm else cosine).step()
