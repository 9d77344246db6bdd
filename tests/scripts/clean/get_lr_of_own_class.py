from mylib.schedules import NoamScheduler

class Trainer:
    def __init__(self, net, optimizer, scheduler: NoamScheduler):
        self.net, self.optimizer, self.scheduler = net, optimizer, scheduler

    def fit(self, loader, writer):
        for i, batch in enumerate(loader):
            self.net(batch).backward()
            self.optimizer.step()
            writer.add_scalar("lr", self.scheduler.get_lr()[0], i)
            self.scheduler.step()
