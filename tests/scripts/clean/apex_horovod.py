import argparse
import os
import math
import horovod.torch as hvd
import torch
import torch.nn.functional as F
import torch.optim as optim
import torch.utils.data.distributed
from apex import amp
from torch.optim.lr_scheduler import LambdaLR
from torchvision import datasets, models, transforms
from tqdm import tqdm

parser = argparse.ArgumentParser(description='PyTorch ImageNet Example')
parser.add_argument('--train-dir', default=os.path.expanduser('~/imagenet/train'))
parser.add_argument('--batch-size', type=int, default=32)
parser.add_argument('--batches-per-allreduce', type=int, default=1)
parser.add_argument('--epochs', type=int, default=90)
parser.add_argument('--base-lr', type=float, default=0.0125)
parser.add_argument('--warmup-epochs', type=float, default=5)
parser.add_argument('--checkpoint-format', default='./checkpoint-{epoch}.pth.tar')
args = parser.parse_args()

hvd.init()
torch.cuda.set_device(hvd.local_rank())
resume_from_epoch = 0
for try_epoch in range(args.epochs, 0, -1):
    if os.path.exists(args.checkpoint_format.format(epoch=try_epoch)):
        resume_from_epoch = try_epoch
        break
resume_from_epoch = hvd.broadcast(torch.tensor(resume_from_epoch), root_rank=0, name='resume_from_epoch').item()

train_dataset = datasets.ImageFolder(args.train_dir, transforms.Compose([transforms.RandomResizedCrop(224), transforms.ToTensor()]))
train_sampler = torch.utils.data.distributed.DistributedSampler(train_dataset, num_replicas=hvd.size(), rank=hvd.rank())
train_loader = torch.utils.data.DataLoader(train_dataset, batch_size=args.batch_size * args.batches_per_allreduce, sampler=train_sampler)
model = models.resnet50().cuda()
optimizer = optim.SGD(model.parameters(), lr=args.base_lr * args.batches_per_allreduce * hvd.size(), momentum=0.9, weight_decay=5e-5)
model, optimizer = amp.initialize(model, optimizer, opt_level='O1')
optimizer = hvd.DistributedOptimizer(optimizer, named_parameters=model.named_parameters(), backward_passes_per_step=args.batches_per_allreduce)


def lr_factor(step):
    epoch = step / len(train_loader) + resume_from_epoch
    if epoch < args.warmup_epochs:
        return 1. / hvd.size() * (epoch * (hvd.size() - 1) / args.warmup_epochs + 1)
    return 1.0 if epoch < 30 else 1e-1 if epoch < 60 else 1e-2 if epoch < 80 else 1e-3


scheduler = LambdaLR(optimizer, lr_factor)
if resume_from_epoch > 0 and hvd.rank() == 0:
    checkpoint = torch.load(args.checkpoint_format.format(epoch=resume_from_epoch))
    model.load_state_dict(checkpoint['model'])
    optimizer.load_state_dict(checkpoint['optimizer'])
hvd.broadcast_parameters(model.state_dict(), root_rank=0)
hvd.broadcast_optimizer_state(optimizer, root_rank=0)


def train(epoch):
    model.train()
    train_sampler.set_epoch(epoch)
    with tqdm(total=len(train_loader), desc='Train Epoch #{}'.format(epoch + 1), disable=hvd.rank() != 0) as t:
        for data, target in train_loader:
            data, target = data.cuda(), target.cuda()
            optimizer.zero_grad()
            for i in range(0, len(data), args.batch_size):
                loss = F.cross_entropy(model(data[i:i + args.batch_size]), target[i:i + args.batch_size])
                loss.div_(math.ceil(float(len(data)) / args.batch_size))
                with amp.scale_loss(loss, optimizer) as scaled_loss:
                    scaled_loss.backward()
                    optimizer.synchronize()
            with optimizer.skip_synchronize():
                optimizer.step()
            scheduler.step()
            t.update(1)


for epoch in range(resume_from_epoch, args.epochs):
    train(epoch)
    if hvd.rank() == 0:
        torch.save({'model': model.state_dict(), 'optimizer': optimizer.state_dict()}, args.checkpoint_format.format(epoch=epoch + 1))
