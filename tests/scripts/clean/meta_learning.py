import torch

def main(model, tasks):
    meta_opt = torch.optim.Adam(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(meta_opt, T_max=100)
    for epoch in range(100):
        for task in tasks:
            fast = model.clone()
            inner = torch.optim.SGD(fast.parameters(), 0.01)
            for _ in range(5):
                inner.zero_grad()
                fast.loss(task.support).backward()
                inner.step()
            meta_opt.zero_grad()
            fast.loss(task.query).backward()
            meta_opt.step()
        sched.step()
