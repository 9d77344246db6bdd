# expect: 8
import torch
from transformers import get_constant_schedule_with_warmup
from torch.optim.lr_scheduler import CosineAnnealingLR
def main(model, it):
    opt = torch.optim.AdamW(model.parameters(), 1e-4)
    warmup = get_constant_schedule_with_warmup(opt, 500)
    cosine = CosineAnnealingLR(opt, 10000)
    for step in range(10000):
        opt.zero_grad()
        model(next(it)).backward()
        opt.step()
        warmup.step()
        cosine.step()
