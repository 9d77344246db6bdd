import torch

def main(model, datasets, batches_of):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size=1, gamma=0.9)
    for epoch in range(3):
        for dataset in datasets:
            for x, y in batches_of(dataset):
                opt.zero_grad()
                model(x, y).backward()
                opt.step()
            sched.step()
