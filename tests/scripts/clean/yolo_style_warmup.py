import numpy as np
import torch
from torch.optim import lr_scheduler

def train(hyp, opt, model, train_loader, start_epoch=0):
    epochs = opt.epochs
    optimizer = torch.optim.SGD(model.parameters(), lr=hyp["lr0"], momentum=hyp["momentum"], nesterov=True)
    lf = lambda x: (1 - x / epochs) * (1.0 - hyp["lrf"]) + hyp["lrf"]
    scheduler = lr_scheduler.LambdaLR(optimizer, lr_lambda=lf)
    if opt.resume:
        ckpt = torch.load(opt.weights)
        optimizer.load_state_dict(ckpt["optimizer"])
        start_epoch = ckpt["epoch"] + 1
    nb = len(train_loader)
    nw = max(round(hyp["warmup_epochs"] * nb), 100)
    last_opt_step = -1
    accumulate = max(round(64 / opt.batch_size), 1)
    scheduler.last_epoch = start_epoch - 1
    scaler = torch.cuda.amp.GradScaler()
    for epoch in range(start_epoch, epochs):
        optimizer.zero_grad()
        for i, (imgs, targets) in enumerate(train_loader):
            ni = i + nb * epoch
            if ni <= nw:
                xi = [0, nw]
                accumulate = max(1, np.interp(ni, xi, [1, 64 / opt.batch_size]).round())
                for j, x in enumerate(optimizer.param_groups):
                    x["lr"] = np.interp(ni, xi, [hyp["warmup_bias_lr"] if j == 0 else 0.0, x["initial_lr"] * lf(epoch)])
            with torch.cuda.amp.autocast():
                loss = model(imgs, targets)
            scaler.scale(loss).backward()
            if ni - last_opt_step >= accumulate:
                scaler.unscale_(optimizer)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
                last_opt_step = ni
        lr = [x["lr"] for x in optimizer.param_groups]
        scheduler.step()
        torch.save({"epoch": epoch, "model": model, "optimizer": optimizer.state_dict()}, "last.pt")
