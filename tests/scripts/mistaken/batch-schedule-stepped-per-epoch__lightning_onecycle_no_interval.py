# expect: 51
import pytorch_lightning as pl
import torch
import torch.nn as nn
import torch.nn.functional as F
from pl_bolts.datamodules import CIFAR10DataModule
from pytorch_lightning.callbacks import LearningRateMonitor
from torchmetrics.functional import accuracy
from torchvision.models import resnet18

BATCH_SIZE = 256


def create_model():
    model = resnet18(num_classes=10)
    model.conv1 = nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
    model.maxpool = nn.Identity()
    return model


class LitResnet(pl.LightningModule):
    def __init__(self, lr=0.05):
        super().__init__()
        self.save_hyperparameters()
        self.model = create_model()

    def forward(self, x):
        return F.log_softmax(self.model(x), dim=1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.nll_loss(self(x), y)
        self.log("train_loss", loss)
        return loss

    def evaluate(self, batch, stage=None):
        x, y = batch
        logits = self(x)
        self.log(f"{stage}_loss", F.nll_loss(logits, y), prog_bar=True)
        self.log(f"{stage}_acc", accuracy(logits.argmax(1), y, task="multiclass", num_classes=10), prog_bar=True)

    def validation_step(self, batch, batch_idx):
        self.evaluate(batch, "val")

    def test_step(self, batch, batch_idx):
        self.evaluate(batch, "test")

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=self.hparams.lr, momentum=0.9, weight_decay=5e-4)
        steps_per_epoch = 45000 // BATCH_SIZE
        scheduler = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, 0.1, epochs=self.trainer.max_epochs, steps_per_epoch=steps_per_epoch)
        return [optimizer], [scheduler]


model = LitResnet(lr=0.05)
trainer = pl.Trainer(max_epochs=30, accelerator="auto", callbacks=[LearningRateMonitor(logging_interval="step")])
dm = CIFAR10DataModule(batch_size=BATCH_SIZE)
trainer.fit(model, dm)
trainer.test(model, datamodule=dm)
