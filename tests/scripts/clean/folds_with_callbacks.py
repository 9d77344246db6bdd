import torch

def run_fold(model, loader):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10)

    def on_epoch_end():
        print(sched.get_last_lr())
        sched.step()

    callbacks = [on_epoch_end]
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        for each in callbacks:
            each()

run_fold(build(0), load(0))
run_fold(build(1), load(1))
