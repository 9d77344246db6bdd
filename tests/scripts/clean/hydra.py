import hydra
import torch
from omegaconf import DictConfig

@hydra.main(config_path="conf", config_name="train", version_base=None)
def main(cfg: DictConfig):
    model = hydra.utils.instantiate(cfg.model)
    opt = hydra.utils.instantiate(cfg.optimizer, params=model.parameters())
    sched = hydra.utils.instantiate(cfg.scheduler, optimizer=opt)
    loader = hydra.utils.instantiate(cfg.loader)
    for epoch in range(cfg.epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()

main()
