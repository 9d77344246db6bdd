import lightning as L
import torch

class Net(L.LightningModule):
    automatic_optimization = False

    def configure_optimizers(self):
        opt = torch.optim.AdamW(self.parameters())
        return [opt], [torch.optim.lr_scheduler.ReduceLROnPlateau(opt)]

    def training_step(self, batch, idx):
        opt = self.optimizers()
        opt.zero_grad()
        self.manual_backward(self.loss(batch))
        opt.step()

    def on_validation_epoch_end(self):
        self.lr_schedulers().step(self.trainer.callback_metrics["val_loss"])
