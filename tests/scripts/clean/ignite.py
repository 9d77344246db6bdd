import torch
from ignite.engine import Engine, Events

def main(model, loader):
    opt = torch.optim.SGD(model.parameters(), 0.1)
    sched = torch.optim.lr_scheduler.StepLR(opt, 3)

    def update(engine, batch):
        opt.zero_grad()
        loss = model(*batch)
        loss.backward()
        opt.step()
        return loss.item()

    trainer = Engine(update)

    @trainer.on(Events.EPOCH_COMPLETED)
    def _(engine):
        sched.step()

    trainer.run(loader, max_epochs=10)
