import torch
from torch.optim import lr_scheduler

def get_scheduler(optimizer, opt):
    if opt.lr_policy == "linear":
        def lambda_rule(epoch):
            return 1.0 - max(0, epoch + opt.epoch_count - opt.n_epochs) / float(opt.n_epochs_decay + 1)
        scheduler = lr_scheduler.LambdaLR(optimizer, lr_lambda=lambda_rule)
    elif opt.lr_policy == "step":
        scheduler = lr_scheduler.StepLR(optimizer, step_size=opt.lr_decay_iters, gamma=0.1)
    elif opt.lr_policy == "plateau":
        scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, mode="min", factor=0.2, threshold=0.01, patience=5)
    elif opt.lr_policy == "cosine":
        scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=opt.n_epochs, eta_min=0)
    else:
        raise NotImplementedError(opt.lr_policy)
    return scheduler

class Model:
    def __init__(self, opt, G, D):
        self.opt = opt
        self.metric = 0
        self.G, self.D = G, D
        self.optimizers = []
        self.optimizer_G = torch.optim.Adam(G.parameters(), lr=opt.lr)
        self.optimizer_D = torch.optim.Adam(D.parameters(), lr=opt.lr)
        self.optimizers.append(self.optimizer_G)
        self.optimizers.append(self.optimizer_D)

    def setup(self, opt):
        self.schedulers = [get_scheduler(optimizer, opt) for optimizer in self.optimizers]

    def optimize_parameters(self, data):
        self.D(data).backward()
        self.optimizer_D.step()
        self.G(data).backward()
        self.optimizer_G.step()

    def update_learning_rate(self):
        old_lr = self.optimizers[0].param_groups[0]["lr"]
        for scheduler in self.schedulers:
            if self.opt.lr_policy == "plateau":
                scheduler.step(self.metric)
            else:
                scheduler.step()
        print(old_lr, "->", self.optimizers[0].param_groups[0]["lr"])

def main(opt, G, D, dataset):
    model = Model(opt, G, D)
    model.setup(opt)
    for epoch in range(opt.epoch_count, opt.n_epochs + opt.n_epochs_decay + 1):
        for data in dataset:
            model.optimize_parameters(data)
        model.update_learning_rate()
