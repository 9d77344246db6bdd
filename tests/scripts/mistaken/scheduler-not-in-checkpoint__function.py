# expect: 4
import torch
def save_ckpt(path, model, opt, epoch):
    torch.save({"model": model.state_dict(), "optimizer": opt.state_dict(), "epoch": epoch}, path)
def load_ckpt(path, model, opt):
    ck = torch.load(path)
    model.load_state_dict(ck["model"])
    opt.load_state_dict(ck["optimizer"])
    return ck["epoch"]
def main(model, loader, resume=None):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90)
    start = load_ckpt(resume, model, opt) if resume else 0
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        save_ckpt("last.pt", model, opt, epoch + 1)
