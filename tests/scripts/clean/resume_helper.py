import torch

def save(path, epoch, **things):
    torch.save({"epoch": epoch, **{k: v.state_dict() for k, v in things.items()}}, path)

def load(path, **things):
    state = torch.load(path)
    for k, v in things.items():
        v.load_state_dict(state[k])
    return state["epoch"] + 1

def main(model, loader, resume):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 30)
    start = load("ck.pt", model=model, opt=opt, sched=sched) if resume else 0
    for epoch in range(start, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()
        save("ck.pt", epoch, model=model, opt=opt, sched=sched)
