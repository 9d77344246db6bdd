import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import get_cosine_schedule_with_warmup

def main(model, loader, total):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-4)
    sched = get_cosine_schedule_with_warmup(opt, 100, total)
    for epoch in range(3):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
            if isinstance(sched, LambdaLR):
                sched.step()
