import torch

def main(model, loader, validate):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    warm = torch.optim.lr_scheduler.LinearLR(opt, 0.1, total_iters=5)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt)
    for epoch in range(50):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        current = warm if epoch < 5 else plateau
        if current is plateau:
            current.step(validate(model))
        else:
            current.step()
