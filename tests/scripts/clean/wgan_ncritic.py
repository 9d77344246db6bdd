import torch

def main(G, D, loader, n_critic=5):
    opt_g = torch.optim.Adam(G.parameters(), lr=1e-4)
    opt_d = torch.optim.Adam(D.parameters(), lr=1e-4)
    total = 100 * len(loader)
    decay = lambda it: 1 - it / total
    sched_g = torch.optim.lr_scheduler.LambdaLR(opt_g, decay)
    sched_d = torch.optim.lr_scheduler.LambdaLR(opt_d, decay)
    for epoch in range(100):
        for i, real in enumerate(loader):
            opt_d.zero_grad()
            (D(G.sample()).mean() - D(real).mean()).backward()
            opt_d.step()
            if i % 5 == 0:
                opt_g.zero_grad()
                (-D(G.sample()).mean()).backward()
                opt_g.step()
            sched_d.step()
            sched_g.step()
