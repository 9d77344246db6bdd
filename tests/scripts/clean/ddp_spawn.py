import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch.nn.parallel import DistributedDataParallel as DDP

def worker(rank, world, args):
    dist.init_process_group("nccl", rank=rank, world_size=world)
    model = DDP(build().to(rank), device_ids=[rank])
    sampler = torch.utils.data.distributed.DistributedSampler(args.dataset)
    loader = torch.utils.data.DataLoader(args.dataset, 64, sampler=sampler)
    opt = torch.optim.SGD(model.parameters(), lr=0.1 * world)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, milestones=[60, 120, 160], gamma=0.2)
    for epoch in range(200):
        sampler.set_epoch(epoch)
        for x, y in loader:
            opt.zero_grad()
            model(x.to(rank), y.to(rank)).backward()
            opt.step()
        sched.step()
        if rank == 0:
            torch.save(model.module.state_dict(), "m.pt")
    dist.destroy_process_group()

if __name__ == "__main__":
    mp.spawn(worker, nprocs=8, args=(8, get_args()))
