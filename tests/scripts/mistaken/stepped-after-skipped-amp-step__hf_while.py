# expect: 14
import torch
from transformers import get_cosine_schedule_with_warmup
def main(model, it):
    opt = torch.optim.AdamW(model.parameters(), 1e-3)
    sched = get_cosine_schedule_with_warmup(opt, 100, 1000)
    scaler = torch.cuda.amp.GradScaler(init_scale=2**14)
    step = 0
    while step < 1000:
        scaler.scale(model(next(it))).backward()
        scaler.step(opt)
        scaler.update()
        opt.zero_grad()
        sched.step()
        step += 1
