def train(G, D, optimizer_g, optimizer_d, scheduler_g, scheduler_d, loader):
    for real in loader:
        D(real).backward()
        optimizer_d.step()
        scheduler_d.step()
        G(real).backward()
        optimizer_g.step()
        scheduler_g.step()
