import lightning as L
import torch

class Net(L.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.AdamW(self.parameters())
        if self.hparams.plateau:
            sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, "min")
        else:
            sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, self.trainer.max_epochs)
        return {"optimizer": opt, "lr_scheduler": {"scheduler": sched, "monitor": "val/loss"}}
