import lightning as L
import torch

class Net(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
    def configure_optimizers(self):
        a = torch.optim.Adam(self.a.parameters())
        b = torch.optim.Adam(self.b.parameters())
        return ({"optimizer": a, "lr_scheduler": {"scheduler": torch.optim.lr_scheduler.StepLR(a, 10)}},
                {"optimizer": b})
