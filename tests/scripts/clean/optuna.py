import optuna
import torch

def objective(trial):
    lr = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
    name = trial.suggest_categorical("scheduler", ["step", "cosine", "none"])
    model, loader, evaluate = build()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    if name == "step":
        sched = torch.optim.lr_scheduler.StepLR(opt, trial.suggest_int("step_size", 5, 20))
    elif name == "cosine":
        sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)
    else:
        sched = None
    for epoch in range(30):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        if sched:
            sched.step()
        acc = evaluate(model)
        trial.report(acc, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned()
    return acc

optuna.create_study(direction="maximize").optimize(objective, n_trials=20)
