import torch

def main(model, make_loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60])
    for size, epochs in [(128, 30), (160, 30), (224, 30)]:
        loader = make_loader(size)
        for epoch in range(epochs):
            for x, y in loader:
                opt.zero_grad()
                model(x, y).backward()
                opt.step()
            sched.step()
