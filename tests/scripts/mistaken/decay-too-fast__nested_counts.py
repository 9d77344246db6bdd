# expect: 5
import torch
def main(model, batch_of):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10, 0.5)
    for epoch in range(20):
        for i in range(1000):
            opt.zero_grad()
            model(batch_of(i)).backward()
            opt.step()
            sched.step()
