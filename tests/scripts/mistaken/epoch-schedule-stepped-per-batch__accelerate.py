# expect: 14
import torch
from accelerate import Accelerator
def main(model, loader, num_epochs):
    acc = Accelerator()
    opt = torch.optim.AdamW(model.parameters(), 1e-4)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=num_epochs)
    model, opt, loader, sched = acc.prepare(model, opt, loader, sched)
    for epoch in range(num_epochs):
        for batch in loader:
            with acc.accumulate(model):
                acc.backward(model(**batch).loss)
                opt.step()
                sched.step()
                opt.zero_grad()
