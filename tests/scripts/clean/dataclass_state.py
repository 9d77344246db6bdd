from dataclasses import dataclass, field
import torch

@dataclass
class TrainState:
    model: torch.nn.Module
    optimizer: torch.optim.Optimizer
    scheduler: torch.optim.lr_scheduler.LRScheduler
    step: int = 0
    losses: list = field(default_factory=list)

def update(state, batch):
    state.optimizer.zero_grad()
    loss = state.model(batch)
    loss.backward()
    state.optimizer.step()
    state.scheduler.step()
    state.step += 1
    state.losses.append(loss.item())

def main(model, loader):
    opt = torch.optim.AdamW(model.parameters())
    state = TrainState(model, opt, torch.optim.lr_scheduler.LinearLR(opt, total_iters=1000))
    for epoch in range(3):
        for batch in loader:
            update(state, batch)
