import torch

def main(model, loader):
    use_amp = False
    scaler = torch.cuda.amp.GradScaler(65536.0, 2.0, 0.5, 2000, use_amp)
    opt = torch.optim.Adam(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: 0.999 ** s)
    for x, y in loader:
        scaler.scale(model(x, y)).backward()
        scaler.step(opt)
        scaler.update()
        sched.step()
