# expect: 8
import lightning.pytorch as pl
import torch
class Net(pl.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.AdamW(self.parameters(), lr=1e-3)
        steps = int(self.trainer.estimated_stepping_batches)
        lr = torch.optim.lr_scheduler.CosineAnnealingLR(opt, steps)
        return [opt], [{"scheduler": lr, "interval": "epoch"}]
