import torch

epochs = 10
step_size = 30
exec(open("configurator.py").read())  # overrides from the command line or a config file

model, loader = build()
opt = torch.optim.SGD(model.parameters(), 0.1)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size)
for epoch in range(epochs):
    for x, y in loader:
        opt.zero_grad()
        model(x, y).backward()
        opt.step()
    sched.step()
