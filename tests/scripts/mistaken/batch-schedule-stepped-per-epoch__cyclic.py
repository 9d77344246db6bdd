# expect: 11
import torch
def main(model, train_loader, epochs):
    opt = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    sched = torch.optim.lr_scheduler.CyclicLR(opt, 1e-4, 1e-2, step_size_up=2 * len(train_loader))
    for epoch in range(epochs):
        for batch in train_loader:
            opt.zero_grad()
            model(batch).backward()
            opt.step()
        sched.step()
