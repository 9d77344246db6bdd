import torch

def train(model, loader, opt, sched):
    while True:
        for x, y in loader:
            opt.zero_grad()
            loss = model(x, y)
            loss.backward()
            opt.step()
            sched.step()
            yield loss.item()

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: 1 / (1 + s))
    for step, loss in zip(range(1000), train(model, loader, opt, sched)):
        print(step, loss)
