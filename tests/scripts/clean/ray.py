import torch
from ray import train, tune

def train_fn(config):
    model, loader = build(config)
    opt = torch.optim.SGD(model.parameters(), lr=config["lr"])
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size=config["step_size"], gamma=config["gamma"])
    start = 0
    checkpoint = train.get_checkpoint()
    if checkpoint:
        with checkpoint.as_directory() as d:
            state = torch.load(d + "/state.pt")
            model.load_state_dict(state["model"])
            opt.load_state_dict(state["opt"])
            sched.load_state_dict(state["sched"])
            start = state["epoch"] + 1
    for epoch in range(start, config["epochs"]):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        torch.save({"model": model.state_dict(), "opt": opt.state_dict(), "sched": sched.state_dict(), "epoch": epoch}, "state.pt")
        train.report({"loss": 0.0})

tune.run(train_fn, config={"lr": tune.loguniform(1e-4, 1e-1), "step_size": 30, "gamma": 0.1, "epochs": 10})
