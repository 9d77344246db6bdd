# expect: 5
import torch
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), 2e-5)
    sched = torch.optim.lr_scheduler.PolynomialLR(opt, total_iters=len(loader))
    for epoch in range(30):
        for b in loader:
            opt.zero_grad()
            model(b).backward()
            opt.step()
            sched.step()
