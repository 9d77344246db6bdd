import click
import torch

@click.command()
@click.option("--epochs", default=90)
@click.option("--step-size", default=30)
def main(epochs=10, step_size=30):
    model, loader = build()
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size)
    for epoch in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            model(x, y).backward()
            opt.step()
        sched.step()

if __name__ == "__main__":
    main()
