# expect: 7
import lightning as L
import torch
class Net(L.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters())
        sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=100)
        return {"optimizer": opt, "lr_scheduler": sched}
trainer = L.Trainer(max_epochs=20)
trainer.fit(Net(), loader)
