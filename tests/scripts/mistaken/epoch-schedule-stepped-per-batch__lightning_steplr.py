# expect: 7
import lightning as L
import torch
class Net(L.LightningModule):
    def configure_optimizers(self):
        opt = torch.optim.SGD(self.parameters(), 0.1)
        sched = torch.optim.lr_scheduler.MultiStepLR(opt, [30, 60, 80])
        return [opt], [{"scheduler": sched, "interval": "step"}]
L.Trainer(max_epochs=90).fit(Net(), loader)
