# expect: 7
import torch
from transformers import get_cosine_schedule_with_warmup
def main(model, loader):
    accum, epochs = 8, 3
    opt = torch.optim.AdamW(model.parameters(), 2e-5)
    sched = get_cosine_schedule_with_warmup(opt, 100, len(loader) * epochs)
    for epoch in range(epochs):
        for i, b in enumerate(loader):
            (model(**b).loss / accum).backward()
            if i % accum == accum - 1:
                opt.step()
                sched.step()
                opt.zero_grad()
