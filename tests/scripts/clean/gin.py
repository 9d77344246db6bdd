import gin
import torch

@gin.configurable
def train(model, loader, epochs=10, step_size=30):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size)
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()

if __name__ == "__main__":
    gin.parse_config_file("train.gin")
    train(make_model(), make_loader())
