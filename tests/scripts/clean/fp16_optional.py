import torch

def main(args, model, loader):
    opt = torch.optim.AdamW(model.parameters())
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.epochs)
    scaler = torch.cuda.amp.GradScaler() if args.fp16 else None
    for epoch in range(args.epochs):
        for x, y in loader:
            opt.zero_grad()
            with torch.cuda.amp.autocast(enabled=args.fp16):
                loss = model(x, y)
            if scaler is not None:
                scaler.scale(loss).backward()
                scaler.step(opt)
                scaler.update()
            else:
                loss.backward()
                opt.step()
        sched.step()
