# expect: 14
import torch
from tqdm import tqdm
def main(model, train_loader, cfg):
    opt = torch.optim.Adam(model.parameters())
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.9)
    for epoch in tqdm(range(cfg.epochs)):
        bar = tqdm(train_loader, leave=False)
        for x, y in bar:
            opt.zero_grad()
            loss = model(x, y)
            loss.backward()
            opt.step()
            sched.step()
            bar.set_postfix(loss=loss.item())
