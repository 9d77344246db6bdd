def train(net, optimizer, lr_scheduler, bnm_scheduler, loader, epochs):
    for epoch in range(epochs):
        bnm_scheduler.step()
        for batch in loader:
            optimizer.zero_grad()
            net(batch).backward()
            optimizer.step()
        lr_scheduler.step()
