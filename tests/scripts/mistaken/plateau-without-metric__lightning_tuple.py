# expect: 7
import pytorch_lightning as pl
import torch
class Net(pl.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters())
        return [opt], [{"scheduler": torch.optim.lr_scheduler.ReduceLROnPlateau(opt, "max"), "interval": "epoch"}]
