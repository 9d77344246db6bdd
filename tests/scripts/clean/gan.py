import torch
from torch import optim

def main(G, D, loader, n_epochs=200, decay_start=100):
    g_opt = optim.Adam(G.parameters(), 2e-4, betas=(0.5, 0.999))
    d_opt = optim.Adam(D.parameters(), 2e-4, betas=(0.5, 0.999))
    rule = lambda e: 1.0 - max(0, e - decay_start) / (n_epochs - decay_start)
    g_sched = optim.lr_scheduler.LambdaLR(g_opt, lr_lambda=rule)
    d_sched = optim.lr_scheduler.LambdaLR(d_opt, lr_lambda=rule)
    for epoch in range(n_epochs):
        for real in loader:
            d_opt.zero_grad()
            d_loss(D, G, real).backward()
            d_opt.step()
            g_opt.zero_grad()
            g_loss(D, G).backward()
            g_opt.step()
        g_sched.step()
        d_sched.step()
