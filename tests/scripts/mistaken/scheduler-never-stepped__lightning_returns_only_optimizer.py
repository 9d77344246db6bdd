# expect: 43
import lightning as L
import torch
import torch.nn as nn
import torch.nn.functional as F
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
from torch.utils.data import DataLoader
from torchmetrics.classification import MulticlassF1Score
from torchvision import datasets, models, transforms


class PetClassifier(L.LightningModule):
    def __init__(self, num_classes=37, lr=3e-4, weight_decay=1e-2, max_epochs=30):
        super().__init__()
        self.save_hyperparameters()
        self.backbone = models.efficientnet_b0(weights="DEFAULT")
        self.backbone.classifier[1] = nn.Linear(1280, num_classes)
        self.f1 = MulticlassF1Score(num_classes)

    def forward(self, x):
        return self.backbone(x)

    def _step(self, batch, name):
        x, y = batch
        logits = self(x)
        loss = F.cross_entropy(logits, y)
        self.log(f"{name}_loss", loss, prog_bar=True)
        return loss, logits, y

    def training_step(self, batch, idx):
        return self._step(batch, "train")[0]

    def validation_step(self, batch, idx):
        _, logits, y = self._step(batch, "val")
        self.f1.update(logits, y)

    def on_validation_epoch_end(self):
        self.log("val_f1", self.f1.compute())
        self.f1.reset()

    def configure_optimizers(self):
        opt = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr, weight_decay=self.hparams.weight_decay)
        sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=self.hparams.max_epochs)
        return opt


def main():
    tf = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])
    train = datasets.OxfordIIITPet("data", "trainval", transform=tf, download=True)
    test = datasets.OxfordIIITPet("data", "test", transform=tf, download=True)
    trainer = L.Trainer(max_epochs=30, precision="16-mixed",
                        callbacks=[EarlyStopping("val_loss", patience=5), ModelCheckpoint(monitor="val_f1", mode="max")])
    trainer.fit(PetClassifier(), DataLoader(train, 32, shuffle=True, num_workers=8), DataLoader(test, 64, num_workers=8))


if __name__ == "__main__":
    main()
