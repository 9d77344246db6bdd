import torch

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)

    def one_batch(x, y):
        opt.zero_grad()
        model(x, y).backward()
        opt.step()

    def one_epoch():
        for x, y in loader:
            one_batch(x, y)
        sched.step()

    for _ in range(30):
        one_epoch()
