def train(G, D, optimizer_d, scheduler_g, train_generator, loader):
    for real in loader:
        train_generator(G, real)
        scheduler_g.step()
        D(real).backward()
        optimizer_d.step()
