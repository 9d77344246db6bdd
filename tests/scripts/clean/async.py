import asyncio
import torch

async def train(model, stream, steps):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: 0.999 ** s)
    async for x, y in stream:
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
        sched.step()
        await asyncio.sleep(0)

asyncio.run(train(make(), make_stream(), 1000))
