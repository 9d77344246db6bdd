import lightning as L
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

class Net(L.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters(), 1e-3)
        return {
            "optimizer": opt,
            "lr_scheduler": {
                "scheduler": ReduceLROnPlateau(opt, mode="max", patience=3),
                "monitor": "val/f1",
                "interval": "epoch",
            },
        }
