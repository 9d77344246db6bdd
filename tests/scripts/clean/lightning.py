import pytorch_lightning as pl
import torch

class Net(pl.LightningModule):
    def __init__(self, lr=1e-3, warmup=500):
        super().__init__()
        self.save_hyperparameters()
        self.net = torch.nn.Linear(3, 3)

    def training_step(self, batch, batch_idx):
        return self.net(batch).sum()

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, s / self.hparams.warmup))
        return [optimizer], [{"scheduler": scheduler, "interval": "step", "frequency": 1}]

if __name__ == "__main__":
    pl.Trainer(max_epochs=10).fit(Net())
