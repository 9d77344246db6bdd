import torch

class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), 0.1)
        self.sched = torch.optim.lr_scheduler.StepLR(self.opt, 10)

    def fit(self, loader):
        for epoch in range(30):
            for x, y in loader:
                self.opt.zero_grad()
                self.model(x, y).backward()
                self.opt.step()
            self.after_0()

    def after_0(self):
        self.after_1()

    def after_1(self):
        self.after_2()

    def after_2(self):
        self.after_3()

    def after_3(self):
        self.after_4()

    def after_4(self):
        self.after_5()

    def after_5(self):
        self.after_6()

    def after_6(self):
        self.after_7()

    def after_7(self):
        self.after_8()

    def after_8(self):
        self.after_9()

    def after_9(self):
        self.after_10()

    def after_10(self):
        self.after_11()

    def after_11(self):
        self.after_12()

    def after_12(self):
        self.after_13()

    def after_13(self):
        self.sched.step()

Trainer(build()).fit(load())
