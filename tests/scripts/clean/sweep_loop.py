import itertools
import torch

results = {}
for lr, gamma in itertools.product([0.1, 0.01], [0.9, 0.99]):
    model, loader = build()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma)
    for epoch in range(20):
        for x, y in loader:
            opt.zero_grad()
            loss = model(x, y)
            loss.backward()
            opt.step()
        sched.step()
    results[lr, gamma] = loss.item()
