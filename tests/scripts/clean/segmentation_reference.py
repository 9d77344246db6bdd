import torch
from torch.optim.lr_scheduler import PolynomialLR

def train_one_epoch(model, criterion, optimizer, data_loader, lr_scheduler, device, epoch, scaler=None):
    model.train()
    for image, target in data_loader:
        image, target = image.to(device), target.to(device)
        with torch.cuda.amp.autocast(enabled=scaler is not None):
            loss = criterion(model(image), target)
        optimizer.zero_grad()
        if scaler is not None:
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        else:
            loss.backward()
            optimizer.step()
        lr_scheduler.step()

def main(args, model, data_loader, criterion):
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    iters_per_epoch = len(data_loader)
    main_lr_scheduler = PolynomialLR(optimizer, total_iters=iters_per_epoch * (args.epochs - args.lr_warmup_epochs), power=0.9)
    if args.lr_warmup_epochs > 0:
        warmup_iters = iters_per_epoch * args.lr_warmup_epochs
        warmup_lr_scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.01, total_iters=warmup_iters)
        lr_scheduler = torch.optim.lr_scheduler.SequentialLR(
            optimizer, schedulers=[warmup_lr_scheduler, main_lr_scheduler], milestones=[warmup_iters])
    else:
        lr_scheduler = main_lr_scheduler
    for epoch in range(args.start_epoch, args.epochs):
        train_one_epoch(model, criterion, optimizer, data_loader, lr_scheduler, "cuda", epoch)
