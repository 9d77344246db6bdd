import json
import os
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader

from esm_lite import ProteinLM, UniRefShards

dtype = 'bfloat16'  # the cards are A100
ptdtype = {'float32': torch.float32, 'bfloat16': torch.bfloat16, 'float16': torch.float16}[dtype]
total_steps = 120_000
grad_clip = 1.0
batch_size = 96
out_dir = 'plm'


def mask(tokens, mask_id, p=0.15):
    m = torch.rand_like(tokens, dtype=torch.float) < p
    return tokens.masked_fill(m, mask_id), tokens.masked_fill(~m, -100)


@torch.no_grad()
def estimate(model, loader, n=50):
    model.eval()
    vals = []
    for _, tokens in zip(range(n), loader):
        x, y = mask(tokens.cuda(), 32)
        vals.append(F.cross_entropy(model(x).flatten(0, 1), y.flatten()).item())
    model.train()
    return sum(vals) / len(vals)


def main():
    os.makedirs(out_dir, exist_ok=True)
    model = ProteinLM().cuda()
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-4, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    scheduler = OneCycleLR(optimizer, max_lr=4e-4, total_steps=total_steps, pct_start=0.02)
    scaler = torch.cuda.amp.GradScaler(enabled=(dtype == 'float16'))
    train = DataLoader(UniRefShards('train'), batch_size, num_workers=4)
    val = DataLoader(UniRefShards('val'), batch_size, num_workers=4)
    it = iter(train)
    t0 = time.time()
    for step in range(total_steps):
        x, y = mask(next(it).cuda(), 32)
        with torch.autocast('cuda', dtype=ptdtype):
            loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), grad_clip)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        scheduler.step()
        if step % 1000 == 0:
            with open(f'{out_dir}/log.jsonl', 'a') as f:
                f.write(json.dumps(dict(step=step, loss=loss.item(), val=estimate(model, val), lr=scheduler.get_last_lr()[0], t=time.time() - t0)) + '\n')
            torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict(), scheduler=scheduler.state_dict(), step=step), f'{out_dir}/ckpt.pt')


if __name__ == '__main__':
    main()
