# expect: 6
import torch
from transformers import get_linear_schedule_with_warmup
def main(model, loader):
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    sched = get_linear_schedule_with_warmup(opt, 100, 1000)
    data = iter(loader)
    for step in range(1000):
        batch = next(data)
        opt.zero_grad()
        model(**batch).loss.backward()
        opt.step()
