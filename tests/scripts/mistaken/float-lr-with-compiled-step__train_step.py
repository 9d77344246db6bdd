# expect: 6
import torch
def main(model, loader):
    opt = torch.optim.Adam(model.parameters(), 1e-3)
    sched = torch.optim.lr_scheduler.LinearLR(opt, 0.1, total_iters=1000)
    @torch.compile
    def train_step(x, y):
        loss = model(x, y)
        loss.backward()
        opt.step()
        opt.zero_grad()
        return loss
    for x, y in loader:
        train_step(x, y)
        sched.step()
