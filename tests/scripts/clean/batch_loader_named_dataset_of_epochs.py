import torch

def main(model, epochs_data):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 1, 0.5)
    for dataset in epochs_data:
        for x, y in dataset:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
