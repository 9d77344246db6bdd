# expect: 7
import pytorch_lightning as pl
import torch
class Net(pl.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters())
        sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, mode="min")
        return [opt], [{"scheduler": sched, "monitor": "val_mIoU"}]
