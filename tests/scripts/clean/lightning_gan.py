import lightning as L
import torch

class Gan(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False

    def configure_optimizers(self):
        g = torch.optim.Adam(self.g.parameters(), 2e-4)
        d = torch.optim.Adam(self.d.parameters(), 2e-4)
        sg = torch.optim.lr_scheduler.ExponentialLR(g, 0.99)
        sd = torch.optim.lr_scheduler.ExponentialLR(d, 0.99)
        return [g, d], [sg, sd]

    def training_step(self, batch, idx):
        g, d = self.optimizers()
        self.manual_backward(self.g_loss(batch))
        g.step()
        g.zero_grad()
        self.manual_backward(self.d_loss(batch))
        d.step()
        d.zero_grad()
        if self.trainer.is_last_batch:
            for sch in self.lr_schedulers():
                sch.step()
