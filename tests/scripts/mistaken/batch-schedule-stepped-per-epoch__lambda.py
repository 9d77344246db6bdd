# expect: 12
import torch
def main(model, train_loader, epochs):
    opt = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    total = epochs * len(train_loader)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: 1 - step / total)
    for epoch in range(epochs):
        for batch in train_loader:
            opt.zero_grad()
            model(batch).backward()
            opt.step()
        sched.step()
