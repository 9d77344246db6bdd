import torch

class State:
    def __init__(self, model, opt, sched):
        self.model, self.opt, self.sched = model, opt, sched
        self.epoch = 0

    def state_dict(self):
        return {"model": self.model.state_dict(), "opt": self.opt.state_dict(),
                "sched": self.sched.state_dict(), "epoch": self.epoch}

    def load_state_dict(self, s):
        self.model.load_state_dict(s["model"])
        self.opt.load_state_dict(s["opt"])
        self.sched.load_state_dict(s["sched"])
        self.epoch = s["epoch"]

def main(model, loader, path, resume):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    state = State(model, opt, torch.optim.lr_scheduler.CosineAnnealingLR(opt, 90))
    if resume:
        state.load_state_dict(torch.load(path))
    for state.epoch in range(state.epoch, 90):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        state.sched.step()
        torch.save(state.state_dict(), path)
