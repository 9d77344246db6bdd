def train(model, optimizer, lr_scheduler, sparsity_scheduler, loader):
    for x, y in loader:
        sparsity_scheduler.step()
        optimizer.zero_grad()
        model(x, y).backward()
        optimizer.step()
        lr_scheduler.step()
