import torch

def main(model, loaders):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size=4, gamma=0.5)
    for cycle in range(8):
        for loader in loaders:
            for x, y in loader:
                opt.zero_grad()
                model(x, y).backward()
                opt.step()
            sched.step()
